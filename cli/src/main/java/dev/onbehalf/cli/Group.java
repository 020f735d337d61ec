package dev.onbehalf.cli;

import java.io.PrintWriter;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** A command that only holds others. */
abstract class Group implements Runnable {
  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        spec.qualifiedName() + ": " + String.join(", ", spec.subcommands().keySet()) + "?");
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Prints an answer as JSON where that was asked for; says whether it was. */
  final boolean json(Output output, JsonNode answer) {
    if (output.json) {
      out().println(Output.pretty(answer));
    }
    return output.json;
  }

  /**
   * Prints an object, a field a line.
   *
   * @param width of the column of names
   * @param hidden names of fields that are left out
   */
  final void fields(int width, JsonNode object, String... hidden) {
    Set<String> left = Set.of(hidden);
    object
        .properties()
        .forEach(
            field -> {
              if (!left.contains(field.getKey())) {
                out()
                    .printf(
                        "%-" + width + "s %s%n", field.getKey(), Output.plain(field.getValue()));
              }
            });
  }
}
