package dev.onbehalf.server.config;

/**
 * A configuration and how it came about.
 *
 * @param configuration the values
 * @param print every option with its value and its source, secrets masked, one a line, as YAML
 */
public record EffectiveConfiguration(Configuration configuration, String print) {}
