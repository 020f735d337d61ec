package dev.onbehalf.server.config;

import java.time.Duration;

/**
 * Browser sessions.
 *
 * @param idle how long a session lives without a request
 * @param absolute how long a session lives at most
 */
public record SessionConfig(Duration idle, Duration absolute) {}
