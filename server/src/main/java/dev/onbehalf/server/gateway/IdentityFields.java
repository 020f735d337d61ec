package dev.onbehalf.server.gateway;

import dev.onbehalf.server.config.ApplicationConfig;
import dev.onbehalf.server.config.ApplicationConfig.Adapter;
import dev.onbehalf.server.people.Person;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The header lines that tell an application who a person is. Only what every application reads
 * alike is sent: printable ASCII, so that no name can be split or read as another one ({@code
 * docs/threat-model.md} attack 7).
 */
final class IdentityFields {
  private static final Logger LOG = LoggerFactory.getLogger(IdentityFields.class);
  private static final int MAX_NAME = 255;
  private static final int MAX_GROUPS_BYTES = 8 * 1024;

  private final ApplicationConfig config;

  IdentityFields(ApplicationConfig config) {
    this.config = config;
  }

  /** Says why a user name cannot be sent; null if it can. */
  static @Nullable String fault(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME) {
      return "The user name is empty or longer than " + MAX_NAME + " characters.";
    }
    if (!isPrintable(name) || !name.equals(name.strip())) {
      return "The user name holds characters that cannot be passed on in a header.";
    }
    if (name.indexOf(',') >= 0 || name.indexOf('|') >= 0) {
      return "The user name holds a separator of lists and could be read as two names.";
    }
    return null;
  }

  /** Makes the header lines of a person whose name has no {@link #fault}. */
  List<HttpField> of(Person person) {
    List<HttpField> fields = new ArrayList<>(4);
    if (config.adapter() == Adapter.NONE) {
      return fields;
    }
    fields.add(new HttpField(config.userHeader(), person.name()));
    if (config.groupsHeader() != null) {
      String groups = groups(person);
      if (!groups.isEmpty()) {
        fields.add(new HttpField(config.groupsHeader(), groups));
      }
    }
    add(config.mailHeader(), person.email(), fields);
    add(config.displayNameHeader(), person.displayName(), fields);
    return fields;
  }

  private static void add(@Nullable String name, @Nullable String value, List<HttpField> fields) {
    if (name != null && value != null && isPrintable(value) && value.length() <= MAX_NAME) {
      fields.add(new HttpField(name, value.strip()));
    }
  }

  private String groups(Person person) {
    StringBuilder groups = new StringBuilder();
    person.groups().stream()
        .sorted()
        .forEach(
            group -> {
              boolean sendable =
                  isPrintable(group)
                      && group.equals(group.strip())
                      && !group.contains(config.groupsDelimiter())
                      && groups.length() + group.length() < MAX_GROUPS_BYTES;
              if (sendable) {
                groups.append(groups.isEmpty() ? "" : config.groupsDelimiter()).append(group);
              } else {
                LOG.warn(
                    "A group of {} is not told to {}: its name cannot be passed on in a header.",
                    person.name(),
                    config.name());
              }
            });
    return groups.toString();
  }

  private static boolean isPrintable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
