package dev.onbehalf.server.provider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** Says what a change of a consumer changed, before and after, without secrets. */
final class ConsumerChanges {
  private static final int LONGEST = 1900;

  private ConsumerChanges() {}

  static String describe(Consumer before, Consumer after) {
    Map<String, String> old = fields(before);
    List<String> changes = new ArrayList<>();
    fields(after)
        .forEach(
            (name, value) -> {
              String earlier = old.get(name);
              if (!value.equals(earlier)) {
                changes.add(name + ": " + earlier + " -> " + value);
              }
            });
    return changes.isEmpty() ? "Nothing changed." : clip(String.join("; ", changes));
  }

  static String describe(Consumer consumer) {
    List<String> all = new ArrayList<>();
    fields(consumer).forEach((name, value) -> all.add(name + ": " + value));
    return clip(String.join("; ", all));
  }

  private static String clip(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }

  private static Map<String, String> fields(Consumer consumer) {
    ConsumerLimits limits = consumer.limits();
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("name", consumer.name());
    fields.put("description", consumer.description());
    fields.put("method", consumer.signatureMethod().parameterValue());
    fields.put(
        "public keys",
        consumer.publicKeys().stream().map(ConsumerPublicKey::id).toList().toString());
    fields.put(
        "shared secrets",
        consumer.sharedSecrets().stream().map(ConsumerSecret::id).toList().toString());
    fields.put("callbacks", consumer.callbacks().toString());
    fields.put("three-legged", onOff(consumer.threeLegged()));
    fields.put("two-legged", onOff(consumer.twoLegged()));
    fields.put("execute as", Objects.requireNonNullElse(consumer.executeAs(), "nobody"));
    fields.put("impersonation", onOff(consumer.impersonation()));
    fields.put("legacy 1.0", onOff(consumer.legacyFlow()));
    fields.put(
        "applications",
        consumer.applications().isEmpty()
            ? "all"
            : new TreeSet<>(consumer.applications()).toString());
    fields.put("enabled", onOff(consumer.enabled()));
    fields.put("permissions", limits.permissions().texts().toString());
    fields.put("impersonable users", new TreeSet<>(limits.impersonation().users()).toString());
    fields.put("impersonable groups", new TreeSet<>(limits.impersonation().groups()).toString());
    fields.put("protected people", onOff(limits.impersonation().protectedPeople()));
    fields.put("token life", String.valueOf(limits.tokenLife()));
    fields.put("idle limit", String.valueOf(limits.idleLimit()));
    return fields;
  }

  private static String onOff(boolean value) {
    return value ? "on" : "off";
  }
}
