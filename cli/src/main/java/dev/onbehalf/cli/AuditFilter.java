package dev.onbehalf.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which audit events a command is about. */
final class AuditFilter {
  @Option(names = "--person", description = "Only this person, asking or acted for.")
  @Nullable String person;

  @Option(names = "--consumer", description = "Only this consumer.")
  @Nullable String consumer;

  @Option(names = "--application", description = "Only this application.")
  @Nullable String application;

  @Option(names = "--outcome", description = "allowed, refused or failed.")
  @Nullable String outcome;

  @Option(names = "--request", description = "Only this request id.")
  @Nullable String request;

  @Option(names = "--since", description = "Not before this time, such as 2026-01-31T09:00:00Z.")
  @Nullable String since;

  @Option(names = "--until", description = "Before this time.")
  @Nullable String until;

  /** Returns the query parameters, each with its leading {@code &}. */
  String query() {
    Map<String, @Nullable String> filters = new LinkedHashMap<>();
    filters.put("person", person);
    filters.put("consumer", consumer);
    filters.put("application", application);
    filters.put("outcome", outcome);
    filters.put("request", request);
    filters.put("since", since);
    filters.put("until", until);
    StringJoiner query = new StringJoiner("&", "&", "").setEmptyValue("");
    filters.forEach(
        (name, value) -> {
          if (value != null) {
            query.add(name + "=" + AdminClient.encode(value));
          }
        });
    return query.toString();
  }
}
