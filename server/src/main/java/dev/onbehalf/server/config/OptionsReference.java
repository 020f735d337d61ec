package dev.onbehalf.server.config;

import java.util.List;

/** Writes the option reference, {@code docs/options.md}, from the options. */
final class OptionsReference {
  private OptionsReference() {}

  static String markdown() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        # Options

        Options come from four places. Where two set the same one, the earlier in this list counts:

        1. flags: `--set key=value`, as often as needed;
        2. the environment: the variable named beside the option;
        3. the configuration file: one YAML file, nested (`database:` over `url:`) or with dotted keys (`database.url:`);
        4. the default.

        `onbehalf config print` shows every value in effect and where it came from; `onbehalf config check` reports every
        fault at once. A key nobody knows is a fault, as is a variable that starts with `ONBEHALF_` and names no option.

        - A **secret** can be read from a file in every place: add `-file` to the key or `_FILE` to the variable. As a flag
          only the `-file` form is accepted, because other users of the machine can see flags.
        - A **duration** is a whole number with its unit: `500ms`, `30s`, `15m`, `12h`, `5d`.
        - A **size** is a number of bytes, or `16kB`, `1MB` in powers of 1024.
        - A **list** is a YAML list; in the environment and in flags its items are separated by commas.
        - A relative **path** in the file starts at the file's directory, any other at the working directory.
        - YAML anchors and aliases, duplicate keys and several documents in one file are not accepted.

        """);
    table(text, "## The service", "", Options.GLOBAL);
    text.append(
        """

        ## An application

        One block for each application, under `applications` and its name (letters, digits and dashes). The public and
        alternate URLs of two applications must not overlap: none may lie below another's. In the variables, `<NAME>` is
        the name in upper case with `_` for `-`.

        """);
    table(text, "", Options.APPLICATIONS + ".<name>.", Options.APPLICATION);
    text.append(
        """

        ## Example

        ```yaml
        listen: 0.0.0.0:8480
        trusted-proxies: [10.0.0.5]
        applications:
          ci:
            public-url: https://ci.example.com
            upstream: http://127.0.0.1:8080
            adapter: jenkins
            sign-in: optional
            secret-file: /etc/onbehalf/ci.secret
        ```
        """);
    return text.toString();
  }

  private static void table(
      StringBuilder text, String heading, String prefix, List<Option> options) {
    if (!heading.isEmpty()) {
      text.append(heading).append("\n\n");
    }
    text.append("| option | variable | form | default | |\n|---|---|---|---|---|\n");
    for (Option option : options) {
      String variable =
          prefix.isEmpty()
              ? Options.environmentName(option.key())
              : "ONBEHALF_APPLICATIONS_<NAME>_"
                  + Options.environmentName(option.key()).substring("ONBEHALF_".length());
      text.append("| `").append(prefix).append(option.key()).append("` | `").append(variable);
      text.append("` | ").append(form(option)).append(" | ");
      text.append(option.fallback() == null ? "" : "`" + escape(option.fallback()) + "`");
      text.append(" | ").append(escape(option.description())).append(" |\n");
    }
  }

  private static String form(Option option) {
    if (option.kind() == Option.Kind.CHOICE) {
      return "`" + String.join("`, `", option.choices()) + "`";
    }
    return option.kind().title;
  }

  private static String escape(String text) {
    return text.replace("|", "\\|");
  }
}
