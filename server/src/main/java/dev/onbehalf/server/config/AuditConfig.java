package dev.onbehalf.server.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The audit trail.
 *
 * @param retention how long records are kept; null keeps them for ever
 */
public record AuditConfig(@Nullable Duration retention) {}
