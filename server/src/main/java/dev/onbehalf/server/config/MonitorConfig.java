package dev.onbehalf.server.config;

import dev.onbehalf.oauth1.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the server watches itself and what it depends on.
 *
 * @param metrics whether there are numbers for Prometheus
 * @param interval how often what it depends on is tried; null for never
 * @param person as whom links are tried too; null for nobody
 * @param webhook URL that is told when something fails or works again; null for none
 */
public record MonitorConfig(
    boolean metrics,
    @Nullable Duration interval,
    @Nullable String person,
    @Nullable Secret webhook) {}
