# One image; `syncd run` (the default), `syncd worker` and `syncd web` are its three commands.
FROM python:3.13-slim AS build
WORKDIR /build
RUN python -m venv /opt/syncd
COPY requirements.lock ./
RUN /opt/syncd/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
RUN python -m venv /opt/hatch && /opt/hatch/bin/pip install --no-cache-dir "hatchling>=1.27" build
COPY pyproject.toml README.md ./
COPY syncd syncd
COPY connectors connectors
COPY rules rules
COPY config config
RUN /opt/hatch/bin/python -m build --wheel --no-isolation --outdir /build/dist \
 && /opt/syncd/bin/pip install --no-cache-dir --no-deps /build/dist/*.whl

FROM python:3.13-slim
RUN useradd --uid 10001 --user-group --no-create-home syncd \
 && install -d -o syncd -g syncd /data /etc/syncd
COPY --from=build /opt/syncd /opt/syncd
ENV PATH=/opt/syncd/bin:$PATH PYTHONUNBUFFERED=1 SYNCD_CONFIG=/etc/syncd SYNCD_DATA=/data
USER syncd
WORKDIR /data
VOLUME /data
EXPOSE 8642
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8642/healthz', timeout=4)"]
ENTRYPOINT ["syncd"]
CMD ["run", "--host", "0.0.0.0"]
