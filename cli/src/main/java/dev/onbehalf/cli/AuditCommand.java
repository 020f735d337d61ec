package dev.onbehalf.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code onbehalf audit}: who asked, as whom it ran, through what, allowed or why not. */
@Command(name = "audit", description = "Prints the audit trail, oldest first, and follows it.")
final class AuditCommand implements Runnable {
  private static final long POLL_MILLIS = 500;

  @Mixin ServerOptions server;

  @Option(names = "--json", description = "One JSON object a line.")
  boolean json;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on printing what happens.")
  boolean follow;

  @Option(
      names = {"-n", "--lines"},
      description = "How many of the newest; default ${DEFAULT-VALUE}.")
  int lines = 50;

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

  @Spec CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    AdminClient client = server.client();
    long last = print(out, client.get("/api/audit?limit=" + lines + filter()), 0);
    while (follow) {
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      last = print(out, client.get("/api/audit?limit=1000&after=" + last + filter()), last);
    }
  }

  private long print(PrintWriter out, JsonNode events, long last) {
    long newest = last;
    for (JsonNode event : events) {
      out.println(json ? event.toString() : AuditLine.of(event));
      newest = Math.max(newest, event.path("id").asLong());
    }
    out.flush();
    return newest;
  }

  private String filter() {
    Map<String, @Nullable String> filters = new LinkedHashMap<>();
    filters.put("person", person);
    filters.put("consumer", consumer);
    filters.put("application", application);
    filters.put("outcome", outcome);
    filters.put("request", request);
    filters.put("since", since);
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
