package dev.onbehalf.cli.demo;

import java.io.PrintWriter;

/** Prints the demo step by step and remembers whether each came out as claimed. */
final class DemoReport {
  private final PrintWriter out;
  private int steps;
  private int failures;

  DemoReport(PrintWriter out) {
    this.out = out;
  }

  void heading(String text) {
    out.printf("%n%s%n", text);
    out.flush();
  }

  void line(String text) {
    out.println("   " + text);
    out.flush();
  }

  /** Prints a claim and whether it holds; {@code found} says what came instead. */
  void claim(String claim, boolean holds, String found) {
    steps++;
    if (holds) {
      out.println("   [ok] " + claim);
    } else {
      failures++;
      out.println("   [FAILED] " + claim + ", but: " + found);
    }
    out.flush();
  }

  int steps() {
    return steps;
  }

  int failures() {
    return failures;
  }
}
