# The image of web, worker and beat: packages from the lock, no compiler, no root.
FROM python:3.13-slim AS packages
WORKDIR /build
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --only-binary :all: --require-hashes -r requirements.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/app/staticfiles MEDIA_ROOT=/data/media \
    SIGNING_KEY_FILE=/data/keys/signing-key.pem LOCAL_DIR=/data/local
RUN useradd --uid 10001 --create-home portal \
    && install -d -o portal -g portal -m 700 /data /data/media /data/keys /data/local
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
# Neither step reads the database; the secret is this step's own and stays in no layer.
RUN python -m network_portal.catalogue \
    && SECRET_KEY=build DATABASE_URL=postgresql:// REDIS_URL=redis://localhost \
    python manage.py collectstatic --no-input --verbosity 0 \
    && chmod -R a=rX /app
USER portal
VOLUME /data/media /data/keys
EXPOSE 8000
CMD ["gunicorn", "-c", "python:network_portal.gunicorn"]
