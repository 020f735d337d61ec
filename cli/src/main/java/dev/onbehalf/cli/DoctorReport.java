package dev.onbehalf.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/** Prints what the doctor found, the worst first. */
final class DoctorReport {
  private static final List<String> SEVERITIES = List.of("fault", "warning", "note", "fine");

  private DoctorReport() {}

  static int count(JsonNode report, String severity) {
    int count = 0;
    for (JsonNode finding : report.path("findings")) {
      if (finding.path("severity").asString().equals(severity)) {
        count++;
      }
    }
    return count;
  }

  static void print(PrintWriter out, JsonNode report) {
    for (String severity : SEVERITIES) {
      for (JsonNode finding : report.path("findings")) {
        if (finding.path("severity").asString().equals(severity)) {
          print(out, severity, finding);
        }
      }
    }
    StringJoiner counts = new StringJoiner(", ", "", ".");
    for (String severity : SEVERITIES) {
      int count = count(report, severity);
      counts.add(count + " " + (severity.equals("fine") || count == 1 ? severity : severity + "s"));
    }
    out.println(counts);
  }

  private static void print(PrintWriter out, String severity, JsonNode finding) {
    out.println(
        severity.toUpperCase(Locale.ROOT)
            + "  "
            + finding.path("subject").asString()
            + ": "
            + finding.path("seen").asString());
    if (finding.path("remedy").isString()) {
      out.println("  To do:  " + finding.path("remedy").asString());
    }
    if (finding.path("reference").isString()) {
      out.println("  See:    " + finding.path("reference").asString());
    }
  }
}
