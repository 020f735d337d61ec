package dev.onbehalf.server.build;

import dev.onbehalf.server.access.AccessRule;
import dev.onbehalf.server.build.BuildSettings.Issuer;
import dev.onbehalf.server.build.BuildSettings.Kind;
import dev.onbehalf.server.build.BuildSettings.Rule;
import dev.onbehalf.server.config.ConfigurationException;
import dev.onbehalf.server.config.YamlFields;
import dev.onbehalf.server.config.YamlNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the builds file, and names every fault in it with its line. */
final class BuildsFile {
  private final Path file;
  private final Set<String> applications;
  private final List<String> faults = new ArrayList<>();
  private final Map<String, Issuer> issuers = new LinkedHashMap<>();
  private final List<Rule> rules = new ArrayList<>();

  private BuildsFile(Path file, Set<String> applications) {
    this.file = file;
    this.applications = applications;
  }

  /**
   * Reads {@code file}.
   *
   * @param applications names of the applications behind the gateway
   * @throws ConfigurationException with every fault there is
   */
  static BuildSettings read(Path file, Set<String> applications) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new ConfigurationException(
          List.of("The builds file " + file + " cannot be read; check outgoing.builds-file."));
    }
    BuildsFile reader = new BuildsFile(file, applications);
    YamlFields root =
        reader.fields(
            YamlNode.parse(text, file.toString()), "the file", Set.of("issuers", "rules"));
    root.each("issuers", reader::issuer);
    root.each("rules", reader::rule);
    if (reader.issuers.isEmpty()) {
      reader.fault(root.node(), "issuers lists no CI that issues tokens.");
    }
    if (!reader.faults.isEmpty()) {
      throw new ConfigurationException(reader.faults);
    }
    return new BuildSettings(reader.issuers, reader.rules);
  }

  private void issuer(YamlNode node) {
    YamlFields fields =
        fields(
            node,
            "an issuer",
            Set.of(
                "name",
                "kind",
                "issuer",
                "keys",
                "audience",
                "claims",
                "application",
                "read-as",
                "job-claim",
                "number-claim",
                "people",
                "timer-runs-as",
                "changes-run-as"));
    String name = fields.required("name");
    Kind kind = kind(node, fields.required("kind"));
    String issuer = fields.required("issuer");
    URI keys = keys(node, fields.required("keys"));
    String audience = fields.required("audience");
    String application = fields.text("application");
    if (name == null || kind == null || issuer == null || keys == null || audience == null) {
      return;
    }
    if (kind == Kind.JENKINS && (application == null || !applications.contains(application))) {
      fault(node, "application must name the application that is this Jenkins.");
    }
    if (kind != Kind.JENKINS && fields.map("people").isEmpty()) {
      fault(node, "people must say who there is who here: there people choose their names.");
    }
    boolean taken =
        issuers.values().stream()
            .anyMatch(other -> other.issuer().equals(issuer) && other.audience().equals(audience));
    if (issuers.containsKey(name) || taken) {
      fault(node, "two issuers have the same name, or the same issuer and audience.");
      return;
    }
    issuers.put(
        name,
        new Issuer(
            name,
            kind,
            issuer,
            keys,
            audience,
            fields.map("claims"),
            application,
            fields.text("read-as"),
            Objects.requireNonNullElse(fields.text("job-claim"), "sub"),
            Objects.requireNonNullElse(fields.text("number-claim"), "build_number"),
            fields.map("people"),
            fields.text("timer-runs-as"),
            fields.text("changes-run-as")));
  }

  private @Nullable Kind kind(YamlNode node, @Nullable String text) {
    for (Kind kind : Kind.values()) {
      if (kind.label().equals(text)) {
        return kind;
      }
    }
    if (text != null) {
      fault(node, "kind is jenkins, gitlab or github.");
    }
    return null;
  }

  private @Nullable URI keys(YamlNode node, @Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      URI url = URI.create(text);
      String host = url.getHost();
      boolean here = List.of("127.0.0.1", "localhost", "[::1]").contains(host);
      if (host != null
          && ("https".equals(url.getScheme()) || (here && "http".equals(url.getScheme())))) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      fault(node, "keys is not a URL.");
      return null;
    }
    fault(node, "keys must be an https URL, or an http URL of this machine.");
    return null;
  }

  private void rule(YamlNode node) {
    YamlFields fields =
        fields(node, "a rule", Set.of("issuer", "jobs", "branches", "links", "allow"));
    String issuer = fields.required("issuer");
    if (issuer != null && !issuers.containsKey(issuer)) {
      fault(node, "no issuer has the name '" + issuer + "'.");
    }
    List<AccessRule> allow = new ArrayList<>();
    for (String text : fields.list("allow")) {
      try {
        allow.add(AccessRule.parse(text));
      } catch (IllegalArgumentException e) {
        fault(
            node,
            "allow takes rules such as 'POST /rest/api/2/issue/*/comment', not '" + text + "'.");
      }
    }
    List<String> jobs = fields.list("jobs");
    List<String> links = fields.list("links");
    if (jobs.isEmpty() || links.isEmpty() || allow.isEmpty()) {
      fault(node, "a rule needs jobs, links and allow.");
    }
    rules.add(new Rule(issuer == null ? "" : issuer, jobs, fields.list("branches"), links, allow));
  }

  private YamlFields fields(YamlNode node, String what, Set<String> known) {
    return new YamlFields(node, what, known, this::fault);
  }

  private void fault(YamlNode node, String sentence) {
    faults.add(file + ":" + node.line() + ": " + sentence);
  }
}
