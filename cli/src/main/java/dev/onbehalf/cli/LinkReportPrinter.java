package dev.onbehalf.cli;

import java.io.PrintWriter;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Prints what a test of a link found, and what to enter at the peer. */
final class LinkReportPrinter {
  private LinkReportPrinter() {}

  static void findings(PrintWriter out, JsonNode report) {
    for (JsonNode finding : report.path("findings")) {
      out.println(
          finding.path("outcome").asString().toUpperCase(Locale.ROOT)
              + "  "
              + finding.path("check").asString()
              + ": "
              + finding.path("sentence").asString()
              + (finding.path("type").isString()
                  ? " [" + finding.path("type").asString() + "]"
                  : ""));
    }
    out.flush();
  }

  static void fields(PrintWriter out, JsonNode fields) {
    out.println("Enter at the peer, in the incoming part of its link to this server:");
    for (JsonNode field : fields) {
      out.println("  " + field.path("label").asString() + ": " + field.path("content").asString());
    }
    out.flush();
  }
}
