package dev.onbehalf.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The entries of a map in a YAML file; whatever is not known or not as it must be is a fault. */
public final class YamlFields {
  private final YamlNode node;
  private final String what;
  private final Map<String, YamlNode> entries;
  private final BiConsumer<YamlNode, String> faults;

  /**
   * Looks at a node.
   *
   * @param what what the map is, for messages
   * @param known the keys it may have
   * @param faults takes each fault: where it is, and a sentence
   */
  public YamlFields(
      YamlNode node, String what, Set<String> known, BiConsumer<YamlNode, String> faults) {
    this.node = node;
    this.what = what;
    this.faults = faults;
    this.entries = node instanceof YamlNode.Mapping map ? map.entries() : Map.of();
    if (!(node instanceof YamlNode.Mapping)) {
      faults.accept(node, what + " must be a map.");
    }
    entries.forEach(
        (key, child) -> {
          if (!known.contains(key)) {
            faults.accept(child, "'" + key + "' means nothing in " + what + ".");
          }
        });
  }

  /** Returns the map itself, for messages. */
  public YamlNode node() {
    return node;
  }

  /** Returns what stands under a key; null where it is absent. */
  public @Nullable YamlNode node(String key) {
    return entries.get(key);
  }

  /** Hands out the items of a list; none where it is absent. */
  public void each(String key, Consumer<YamlNode> reader) {
    YamlNode child = entries.get(key);
    if (child instanceof YamlNode.Sequence list) {
      list.items().forEach(reader);
    } else if (child != null) {
      faults.accept(child, key + " must be a list.");
    }
  }

  /** Returns a value without the blanks around it; null where it is absent or none. */
  public @Nullable String text(String key) {
    YamlNode child = entries.get(key);
    return child == null ? null : scalar(key, child);
  }

  /** Returns a value, whose absence is a fault. */
  public @Nullable String required(String key) {
    if (!entries.containsKey(key)) {
      faults.accept(node, what + " needs " + key + ".");
    }
    return text(key);
  }

  /** Returns the values of a list, which may be written as one value; none where it is absent. */
  public List<String> list(String key) {
    List<String> texts = new ArrayList<>();
    Consumer<YamlNode> reader =
        item -> {
          String text = scalar(key, item);
          if (text != null) {
            texts.add(text);
          }
        };
    YamlNode child = entries.get(key);
    if (child instanceof YamlNode.Scalar) {
      reader.accept(child);
    } else {
      each(key, reader);
    }
    return texts;
  }

  /** Returns the values of a map by their keys; none where it is absent. */
  public Map<String, String> map(String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    YamlNode child = entries.get(key);
    if (child instanceof YamlNode.Mapping map) {
      map.entries()
          .forEach(
              (name, value) -> {
                String text = scalar(key, value);
                if (text != null) {
                  texts.put(name, text);
                }
              });
    } else if (child != null) {
      faults.accept(child, key + " must be a map.");
    }
    return texts;
  }

  private @Nullable String scalar(String key, YamlNode child) {
    if (child instanceof YamlNode.Scalar scalar
        && scalar.text() != null
        && !scalar.text().isBlank()) {
      return scalar.text().strip();
    }
    faults.accept(child, key + " takes plain values.");
    return null;
  }
}
