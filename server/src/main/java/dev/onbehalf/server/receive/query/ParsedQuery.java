package dev.onbehalf.server.receive.query;

import org.jspecify.annotations.Nullable;

/**
 * A query as it was understood.
 *
 * @param condition what must hold; null for nothing
 * @param ascending whether the oldest come first
 */
record ParsedQuery(@Nullable Condition condition, boolean ascending) {}
