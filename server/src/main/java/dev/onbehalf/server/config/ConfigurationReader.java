package dev.onbehalf.server.config;

import dev.onbehalf.server.config.Settings.Rank;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration: flags over environment over file over defaults. {@code docs/options.md}
 * is its reference.
 */
public final class ConfigurationReader {
  private static final String PREFIX = "ONBEHALF_";
  private static final String APPLICATIONS = PREFIX + "APPLICATIONS_";

  /** Read by the scripts and the command line, before there is a configuration. */
  private static final Set<String> NOT_OPTIONS =
      Set.of(
          "ONBEHALF_CONFIG",
          "ONBEHALF_JAVA_OPTS",
          "ONBEHALF_NO_BUILD",
          "ONBEHALF_LOG_LEVEL",
          "ONBEHALF_LOG_FORMAT",
          "ONBEHALF_TRACE",
          "ONBEHALF_ADMIN_URL",
          "ONBEHALF_ADMIN_TOKEN",
          "ONBEHALF_ADMIN_TOKEN_FILE");

  /** What Kubernetes sets in every pod beside a service that is called onbehalf. */
  private static final Pattern SERVICE_LINK =
      Pattern.compile("ONBEHALF_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_[0-9]+_(TCP|UDP)(_.*)?)?)");

  /** What the commands that send reports read. */
  private static final Pattern SENDING = Pattern.compile("ONBEHALF_(JIRA_.*|SPOOL)");

  private final Settings settings = new Settings();

  private ConfigurationReader() {}

  /**
   * Reads the configuration.
   *
   * @param file the YAML file; null for none
   * @param environment the process's environment, of which {@code ONBEHALF_…} counts
   * @param flags {@code key=value} each
   * @throws ConfigurationException with every fault there is
   */
  public static EffectiveConfiguration read(
      @Nullable Path file, Map<String, String> environment, List<String> flags) {
    ConfigurationReader reader = new ConfigurationReader();
    if (file != null) {
      reader.file(file);
    }
    reader.environment(environment);
    reader.flags(flags);
    return new ConfigurationBuilder(reader.settings).build();
  }

  private void file(Path file) {
    YamlNode root;
    try {
      root = YamlNode.parse(Files.readString(file), file.toString());
    } catch (ConfigurationException e) {
      settings.faults().addAll(e.faults());
      return;
    } catch (NoSuchFileException e) {
      settings.fault(file.toString(), "the configuration file does not exist.");
      return;
    } catch (MalformedInputException e) {
      settings.fault(file.toString(), "the configuration file is not UTF-8 text.");
      return;
    } catch (IOException e) {
      settings.fault(file.toString(), "the configuration file cannot be read (" + e + ").");
      return;
    }
    if (root instanceof YamlNode.Mapping mapping) {
      flatten("", mapping, file);
    } else {
      settings.fault(file + ":1", "the configuration must be a map of options.");
    }
  }

  private void flatten(String prefix, YamlNode.Mapping mapping, Path file) {
    mapping.entries().forEach((key, node) -> flatten(prefix + key, node, file));
  }

  private void flatten(String key, YamlNode node, Path file) {
    String place = file + ":" + node.line();
    if (node instanceof YamlNode.Mapping child) {
      if (key.startsWith(Options.APPLICATIONS + ".")) {
        settings.application(key.substring(Options.APPLICATIONS.length() + 1));
      }
      if (Options.find(key).isPresent()) {
        settings.fault(place, key + " takes a value, not a map.");
      } else {
        flatten(key + ".", child, file);
      }
      return;
    }
    Path base = file.toAbsolutePath().getParent();
    if (node instanceof YamlNode.Sequence sequence) {
      List<String> items = new ArrayList<>();
      for (YamlNode item : sequence.items()) {
        if (!(item instanceof YamlNode.Scalar scalar) || scalar.text() == null) {
          settings.fault(file + ":" + item.line(), key + " takes a list of plain values.");
          return;
        }
        items.add(scalar.text());
      }
      settings.put(key, items, true, Rank.FILE, place, base);
    } else if (node instanceof YamlNode.Scalar scalar) {
      if (scalar.text() != null) {
        settings.put(key, List.of(scalar.text()), false, Rank.FILE, place, base);
      } else if (!section(key) && Options.find(key).isEmpty()) {
        settings.unknown(key, place);
      }
    }
  }

  /** Whether {@code key} holds options; empty ones are left from commenting options out. */
  private static boolean section(String key) {
    return key.equals(Options.APPLICATIONS)
        || Options.GLOBAL.stream().anyMatch(option -> option.key().startsWith(key + "."));
  }

  private void environment(Map<String, String> environment) {
    Map<String, String> keys = new TreeMap<>();
    for (String key : Options.keys(Options.GLOBAL)) {
      keys.put(Options.environmentName(key), key);
    }
    for (Map.Entry<String, String> entry : new TreeMap<>(environment).entrySet()) {
      String variable = entry.getKey();
      if (!variable.startsWith(PREFIX)
          || NOT_OPTIONS.contains(variable)
          || SENDING.matcher(variable).matches()
          || SERVICE_LINK.matcher(variable).matches()) {
        continue;
      }
      String place = "environment variable " + variable;
      String key =
          variable.startsWith(APPLICATIONS) ? applicationKey(variable) : keys.get(variable);
      if (key == null) {
        unknownVariable(variable, place);
      } else {
        settings.put(key, items(key, entry.getValue()), false, Rank.ENVIRONMENT, place, null);
      }
    }
  }

  private void unknownVariable(String variable, String place) {
    String asKey =
        variable.startsWith(APPLICATIONS)
            ? ""
            : variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.');
    String nearest = Options.nearest(asKey);
    settings.fault(
        place,
        "no option has this variable"
            + (nearest == null
                ? "; docs/options.md lists them."
                : "; did you mean " + Options.environmentName(nearest) + "?"));
  }

  /** The key behind a variable of an application, whose name is one known already or a new one. */
  private @Nullable String applicationKey(String variable) {
    String rest = variable.substring(APPLICATIONS.length());
    List<String> keys = new ArrayList<>(Options.keys(Options.APPLICATION));
    keys.sort(Comparator.comparing(String::length).reversed());
    for (String key : keys) {
      String suffix = "_" + Options.environmentName(key).substring(PREFIX.length());
      if (rest.endsWith(suffix) && rest.length() > suffix.length()) {
        String name = rest.substring(0, rest.length() - suffix.length());
        for (String known : settings.applications()) {
          if (Options.environmentName(known).substring(PREFIX.length()).equals(name)) {
            return Options.APPLICATIONS + "." + known + "." + key;
          }
        }
        String added = name.toLowerCase(Locale.ROOT).replace('_', '-');
        return Options.APPLICATIONS + "." + added + "." + key;
      }
    }
    return null;
  }

  private void flags(List<String> flags) {
    for (String flag : flags) {
      int equals = flag.indexOf('=');
      if (equals < 1) {
        settings.fault(
            "flag --set", "a setting is written key=value, such as listen=0.0.0.0:8480.");
        continue;
      }
      String key = flag.substring(0, equals);
      String value = flag.substring(equals + 1);
      settings.put(key, items(key, value), false, Rank.FLAG, "flag --set " + key, null);
    }
  }

  private static List<String> items(String key, String value) {
    boolean list = Options.find(key).map(option -> option.kind().list()).orElse(false);
    if (!list) {
      return List.of(value);
    }
    return Arrays.stream(value.split(",", -1))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }
}
