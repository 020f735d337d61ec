/** The configuration: one YAML file, the environment and flags, as immutable values. */
@NullMarked
package dev.onbehalf.server.config;

import org.jspecify.annotations.NullMarked;
