package dev.onbehalf.server.config;

import java.nio.file.Path;

/**
 * TLS of the public listener.
 *
 * @param certificate PEM certificate chain, the server's own first
 * @param key PEM private key
 */
public record TlsConfig(Path certificate, Path key) {}
