# One image for all parts; docker-compose.yml says which command each runs.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md hatch_build.py package.json package-lock.json .npmrc ./
COPY tools/__init__.py tools/assets.py tools/dap_css.py tools/
COPY rules rules
COPY worker worker
COPY registry registry
COPY review review
COPY staff staff
COPY config config
COPY demo demo
COPY templates templates
COPY deploy deploy
RUN python -m venv /opt/aspoktatas \
    && /opt/aspoktatas/bin/pip install --no-cache-dir --no-compile --constraint constraints.txt '.[otel,sentry]' \
    && test -f /opt/aspoktatas/lib/python3.11/site-packages/review/static/vendor/components.css \
    && /opt/aspoktatas/bin/python -O -m compileall -q /opt/aspoktatas/lib

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin aspoktatas
COPY --from=build /opt/aspoktatas /opt/aspoktatas
# PYTHONOPTIMIZE compiles the crash points of our tests away (worker/crash_points.py)
ENV PATH=/opt/aspoktatas/bin:$PATH \
    PYTHONOPTIMIZE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings
WORKDIR /var/lib/aspoktatas
USER 10001:10001
EXPOSE 8000
ENTRYPOINT []
CMD ["aspoktatas", "run"]
