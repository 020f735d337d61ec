package dev.onbehalf.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * A node of a YAML file, with its line. Scalars stay text as written. Anchors, aliases, duplicate
 * keys, a second document, and files larger or deeper than any honest one are refused, so that
 * reading costs no more than the file's length.
 */
public sealed interface YamlNode {
  /** The line, from 1, on which the node begins. */
  int line();

  /**
   * A single value.
   *
   * @param text the text as written, quotes removed; null where nothing was written
   */
  record Scalar(@Nullable String text, int line) implements YamlNode {}

  /** A list. */
  record Sequence(List<YamlNode> items, int line) implements YamlNode {}

  /** A map in the order of the file. */
  record Mapping(Map<String, YamlNode> entries, int line) implements YamlNode {}

  /**
   * Reads one document; an empty one is an empty map.
   *
   * @param name what to call the file in messages
   * @throws ConfigurationException with one sentence and the line, if it is not YAML we accept
   */
  static YamlNode parse(String text, String name) {
    return new Reader(name).read(text);
  }

  /** Builds the nodes from the token stream. */
  final class Reader {
    private static final int LONGEST = 4_000_000;
    private static final int DEEPEST = 12;

    private final String name;

    private Reader(String name) {
      this.name = name;
    }

    private YamlNode read(String text) {
      if (text.length() > LONGEST) {
        throw fault(1, "the file is longer than " + LONGEST + " characters.");
      }
      YAMLFactory factory =
          YAMLFactory.builder()
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .loadSettings(LoadSettings.builder().setCodePointLimit(LONGEST + 1).build())
              .build();
      try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
        if (parser.nextToken() == null) {
          return new Mapping(Map.of(), 1);
        }
        YamlNode node = node((YAMLParser) parser, 0);
        if (parser.nextToken() != null) {
          throw fault(line(parser), "only one YAML document is allowed.");
        }
        return node instanceof Scalar scalar && scalar.text() == null
            ? new Mapping(Map.of(), 1)
            : node;
      } catch (JacksonException e) {
        throw fault(faultLine(e), "this is not valid YAML: " + problem(e) + ".");
      } catch (StackOverflowError e) {
        throw fault(1, "the file is nested too deeply.");
      }
    }

    private YamlNode node(YAMLParser parser, int depth) {
      int line = line(parser);
      if (depth > DEEPEST) {
        throw fault(line, "the file is nested too deeply.");
      }
      if (parser.isCurrentAlias() || parser.getObjectId() != null) {
        throw fault(line, "anchors and aliases are not supported; write the value out.");
      }
      JsonToken token = parser.currentToken();
      if (token == JsonToken.START_OBJECT) {
        return mapping(parser, depth, line);
      }
      if (token == JsonToken.START_ARRAY) {
        List<YamlNode> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(node(parser, depth + 1));
        }
        return new Sequence(List.copyOf(items), line);
      }
      return new Scalar(token == JsonToken.VALUE_NULL ? null : parser.getString(), line);
    }

    private Mapping mapping(YAMLParser parser, int depth, int line) {
      Map<String, YamlNode> entries = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        parser.nextToken();
        entries.put(key, node(parser, depth + 1));
      }
      return new Mapping(entries, line);
    }

    private ConfigurationException fault(int line, String sentence) {
      return new ConfigurationException(List.of(name + ":" + line + ": " + sentence));
    }

    private static int line(JsonParser parser) {
      return Math.max(1, parser.currentTokenLocation().getLineNr());
    }

    private static int faultLine(JacksonException fault) {
      return fault.getLocation() == null ? 1 : Math.max(1, fault.getLocation().getLineNr());
    }

    private static String problem(JacksonException fault) {
      if (fault.getCause() instanceof MarkedYamlEngineException marked
          && marked.getProblem() != null) {
        return marked.getProblem();
      }
      String message = String.valueOf(fault.getOriginalMessage());
      int end = message.indexOf('\n');
      return end < 0 ? message : message.substring(0, end);
    }
  }
}
