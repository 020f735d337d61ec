package dev.onbehalf.server.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may act through links over HTTP, beside people themselves.
 *
 * @param buildsFile YAML file of CI servers and of what their builds may do; null for none
 * @param consumers keys of the consumers that may act as people they name
 */
public record OutgoingConfig(@Nullable Path buildsFile, List<String> consumers) {
  public OutgoingConfig {
    consumers = List.copyOf(consumers);
  }
}
