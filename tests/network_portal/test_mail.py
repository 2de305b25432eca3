from django.core.mail import EmailMessage, EmailMultiAlternatives

from network_portal.mail import OutboxFolder


def letter(**kwargs):
    return EmailMessage(
        **{"subject": "Код для входа", "body": "Ваш код: 123", "to": ["a@demo.example"], **kwargs}
    )


def test_letter_becomes_a_file_a_person_can_read(tmp_path):
    assert OutboxFolder(file_path=tmp_path / "mail").send_messages([letter()]) == 1
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name.endswith("-a@demo.example.txt")
    text = file.read_text()
    assert "To: a@demo.example" in text
    assert "Subject: Код для входа" in text
    assert text.endswith("\nВаш код: 123\n")


def test_letters_of_one_moment_do_not_overwrite_each_other(tmp_path):
    assert OutboxFolder(file_path=tmp_path).send_messages([letter() for _ in range(20)]) == 20
    assert len(list(tmp_path.iterdir())) == 20


def test_address_cannot_leave_the_folder(tmp_path):
    folder = tmp_path / "mail"
    OutboxFolder(file_path=folder).send_messages([letter(to=["../../etc/x@demo.example"])])
    assert len(list(folder.iterdir())) == 1
    assert list(tmp_path.iterdir()) == [folder]


def test_attachments_are_named_and_a_letter_to_nobody_is_not_sent(tmp_path):
    message = EmailMultiAlternatives("s", "b", to=["a@demo.example"])
    message.attach("приглашение.ics", "BEGIN", "text/calendar")
    assert OutboxFolder(file_path=tmp_path).send_messages([message, letter(to=[])]) == 1
    (file,) = tmp_path.iterdir()
    assert "Attachments: приглашение.ics" in file.read_text()
