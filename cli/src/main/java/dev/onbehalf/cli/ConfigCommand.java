package dev.onbehalf.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code onbehalf config check|print}. */
@Command(name = "config", description = "Checks or prints the configuration.")
final class ConfigCommand extends Group {

  @Command(name = "check", description = "Says every fault of the configuration; exit code 3.")
  void check(@Mixin ServerOptions options) {
    int applications = options.configuration().applications().size();
    out()
        .println(
            "The configuration is sound: "
                + applications
                + (applications == 1 ? " application." : " applications."));
  }

  @Command(name = "print", description = "Prints every option in force and where it is from.")
  void print(@Mixin ServerOptions options) {
    out().print(options.effective().print());
    out().flush();
  }
}
