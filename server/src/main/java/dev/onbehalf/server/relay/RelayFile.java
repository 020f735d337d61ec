package dev.onbehalf.server.relay;

import dev.onbehalf.delivery.DataType;
import dev.onbehalf.delivery.EnvironmentType;
import dev.onbehalf.delivery.IssueKeys;
import dev.onbehalf.delivery.Secret;
import dev.onbehalf.delivery.rules.EnvironmentTypes;
import dev.onbehalf.delivery.rules.EventRules;
import dev.onbehalf.delivery.rules.Rule;
import dev.onbehalf.delivery.send.Site;
import dev.onbehalf.server.config.ConfigurationException;
import dev.onbehalf.server.config.YamlFields;
import dev.onbehalf.server.config.YamlNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the delivery file, and names every fault in it with its line. */
final class RelayFile {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");
  private static final Set<String> TAKEN_NAMES = Set.of("jira", "oauth", "events");
  private static final int LEAST_SECRET_CHARS = 16;
  private static final int LONGEST_SECRET_BYTES = 10_000;

  private final Path file;
  private final List<String> faults = new ArrayList<>();
  private final Map<String, Site> sites = new LinkedHashMap<>();

  private RelayFile(Path file) {
    this.file = file;
  }

  /**
   * Reads {@code file}.
   *
   * @throws ConfigurationException with every fault there is
   */
  static RelaySettings read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new ConfigurationException(
          List.of("The delivery file " + file + " cannot be read; check delivery.file."));
    }
    RelayFile reader = new RelayFile(file);
    RelaySettings settings = reader.settings(YamlNode.parse(text, file.toString()));
    if (!reader.faults.isEmpty()) {
      throw new ConfigurationException(reader.faults);
    }
    return settings;
  }

  private RelaySettings settings(YamlNode root) {
    YamlFields fields = fields(root, "the file", Set.of("sites", "agents", "events"));
    fields.each("sites", this::site);
    if (sites.isEmpty()) {
      fault(root, "sites lists no site.");
    }
    List<RelaySettings.Agent> agents = new ArrayList<>();
    fields.each(
        "agents",
        node -> {
          RelaySettings.Agent agent = agent(node);
          if (agent != null && agents.stream().anyMatch(other -> other.id().equals(agent.id()))) {
            fault(node, "two agents have the id '" + agent.id() + "'.");
          } else if (agent != null) {
            agents.add(agent);
          }
        });
    YamlNode events = fields.node("events");
    return new RelaySettings(sites, agents, events == null ? null : events(events));
  }

  private void site(YamlNode node) {
    YamlFields fields =
        fields(
            node,
            "a site",
            Set.of(
                "name",
                "site",
                "client-id",
                "client-secret-file",
                "webhook-url",
                "webhook-secret-file",
                "site-url",
                "api-url"));
    String name = fields.required("name");
    String host = fields.required("site");
    if (name == null || host == null) {
      return;
    }
    if (!NAME.matcher(name).matches() || TAKEN_NAMES.contains(name) || sites.containsKey(name)) {
      fault(
          node,
          "'%s' cannot be the name of a site: use lower-case letters, digits, dots and dashes, each name once, and none of %s."
              .formatted(name, String.join(", ", TAKEN_NAMES)));
      return;
    }
    String webhook = fields.text("webhook-url");
    Secret secret =
        secret(fields, webhook == null ? "client-secret-file" : "webhook-secret-file", 1);
    String clientId = webhook == null ? fields.required("client-id") : "";
    if (secret == null || clientId == null) {
      return;
    }
    Site site =
        read(
            node,
            host,
            text ->
                webhook == null
                    ? Site.cloud(text, clientId, secret)
                        .reachedBy(uri(fields.text("site-url")), uri(fields.text("api-url")))
                    : Site.relay(text, URI.create(webhook), secret));
    if (site != null) {
      sites.put(name, site);
    }
  }

  private RelaySettings.@Nullable Agent agent(YamlNode node) {
    YamlFields fields = fields(node, "an agent", Set.of("id", "secret-file", "sites", "may-send"));
    String id = fields.required("id");
    Secret secret = secret(fields, "secret-file", LEAST_SECRET_CHARS);
    Set<DataType> types = new LinkedHashSet<>();
    for (String name : fields.list("may-send")) {
      DataType type = DataType.byName(name).orElse(null);
      if (type == null) {
        String known =
            DataType.all().stream().map(DataType::name).collect(Collectors.joining(", "));
        fault(node, "may-send knows no '" + name + "'; it knows " + known + ".");
      } else {
        types.add(type);
      }
    }
    if (id == null || secret == null) {
      return null;
    }
    return new RelaySettings.Agent(
        id,
        secret,
        new LinkedHashSet<>(sitesOf(fields)),
        types.isEmpty() ? Set.of(DataType.BUILDS, DataType.DEPLOYMENTS) : types);
  }

  private List<String> sitesOf(YamlFields fields) {
    List<String> named = fields.list("sites");
    for (String name : named) {
      if (!sites.containsKey(name)) {
        fault(fields.node(), "no site has the name '" + name + "'.");
      }
    }
    return named.isEmpty() ? List.copyOf(sites.keySet()) : named;
  }

  private RelaySettings.@Nullable Events events(YamlNode node) {
    YamlFields fields =
        fields(
            node,
            "events",
            Set.of("secret-file", "sites", "projects", "lower-case", "rules", "environments"));
    Secret secret = secret(fields, "secret-file", LEAST_SECRET_CHARS);
    List<Rule> rules = new ArrayList<>();
    fields.each(
        "rules",
        item -> {
          Rule rule = rule(item);
          if (rule != null) {
            rules.add(rule);
          }
        });
    if (rules.isEmpty()) {
      fault(node, "events has no rules, so that no event would count.");
    }
    EnvironmentTypes types = environments(fields.node("environments"));
    List<String> told = sitesOf(fields);
    boolean lowerCase = "true".equals(fields.text("lower-case"));
    IssueKeys keys =
        IssueKeys.builder().projects(fields.list("projects")).lowerCase(lowerCase).build();
    return secret == null
        ? null
        : new RelaySettings.Events(secret, told, new EventRules(rules, types, keys));
  }

  private @Nullable Rule rule(YamlNode node) {
    YamlFields fields = fields(node, "a rule", Set.of("build", "deployment", "stage"));
    String build = fields.text("build");
    String deployment = fields.text("deployment");
    String stage = fields.text("stage");
    if ((build == null) == (deployment == null)) {
      fault(node, "a rule has either build or deployment, a pattern of the job's name.");
      return null;
    }
    return read(
        node,
        build != null ? build : String.valueOf(deployment),
        job -> build != null ? Rule.build(job, stage) : Rule.deployment(job, stage));
  }

  private EnvironmentTypes environments(@Nullable YamlNode node) {
    Map<EnvironmentType, List<String>> patterns = new EnumMap<>(EnvironmentType.class);
    if (node != null) {
      Set<String> words = new LinkedHashSet<>();
      for (EnvironmentType type : EnvironmentType.values()) {
        words.add(type.word());
      }
      YamlFields fields = fields(node, "environments", words);
      for (EnvironmentType type : EnvironmentType.values()) {
        patterns.put(type, fields.list(type.word()));
      }
      EnvironmentTypes types = read(node, "", ignored -> EnvironmentTypes.of(patterns));
      if (types != null) {
        return types;
      }
    }
    return EnvironmentTypes.of(Map.of());
  }

  private <T> @Nullable T read(YamlNode node, String text, Function<String, T> reader) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      fault(node, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private YamlFields fields(YamlNode node, String what, Set<String> known) {
    return new YamlFields(node, what, known, this::fault);
  }

  private void fault(YamlNode node, String sentence) {
    faults.add(file + ":" + node.line() + ": " + sentence);
  }

  private @Nullable Secret secret(YamlFields fields, String key, int leastChars) {
    String name = fields.required(key);
    if (name == null) {
      return null;
    }
    Path parent = file.toAbsolutePath().getParent();
    Path path = parent == null ? Path.of(name) : parent.resolve(name);
    try {
      String secret = Files.size(path) > LONGEST_SECRET_BYTES ? "" : Files.readString(path).strip();
      if (secret.length() >= leastChars) {
        return Secret.of(secret);
      }
      fault(
          fields.node(),
          "the secret in " + path + " must have " + leastChars + " characters or more.");
    } catch (IOException e) {
      fault(fields.node(), "the secret file " + path + " cannot be read.");
    }
    return null;
  }

  private static @Nullable URI uri(@Nullable String text) {
    return text == null ? null : URI.create(text);
  }
}
