package dev.onbehalf.cli;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** One audit event as a line a person reads. */
public final class AuditLine {
  private AuditLine() {}

  public static String of(JsonNode event) {
    StringBuilder line = new StringBuilder();
    line.append(event.path("at").asString());
    line.append(' ').append(pad(event.path("outcome").asString().toLowerCase(Locale.ROOT), 7));
    line.append(' ').append(event.path("action").asString());
    append(line, " ", event, "method");
    append(line, " ", event, "path");
    append(line, " as ", event, "actedAs");
    if (!event.path("person").equals(event.path("actedAs"))) {
      append(line, " person ", event, "person");
    }
    append(line, " by ", event, "consumer");
    append(line, " on ", event, "application");
    append(line, " from ", event, "remoteAddress");
    append(line, ": ", event, "problem");
    append(line, " - ", event, "detail");
    line.append(" [").append(event.path("requestId").asString()).append(']');
    return line.toString();
  }

  private static void append(StringBuilder line, String lead, JsonNode event, String field) {
    JsonNode value = event.path(field);
    if (value.isString() && !value.stringValue().isEmpty()) {
      line.append(lead).append(value.stringValue());
    }
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
