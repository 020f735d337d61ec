package dev.onbehalf.server.admin;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.audit.AuditEvent;
import dev.onbehalf.server.people.Person;
import java.io.IOException;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /api/users}: the people of the users file. */
final class UsersApi {
  private static final Set<String> FIELDS =
      Set.of("displayName", "email", "groups", "active", "password");

  private final Administration.Parts parts;

  UsersApi(Administration.Parts parts) {
    this.parts = parts;
  }

  /** Work on the users file. */
  @FunctionalInterface
  private interface FileWork<T> {
    T run() throws IOException;
  }

  void addTo(AdminRouter router) {
    router
        .on("GET", "/api/users", request -> list())
        .on("POST", "/api/users", this::add)
        .on("PATCH", "/api/users/{name}", this::edit)
        .on("DELETE", "/api/users/{name}", this::remove);
  }

  private JsonNode list() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    inFile(() -> parts.users().list()).forEach(person -> all.add(json(person)));
    return all;
  }

  private JsonNode add(AdminRequest request) {
    Set<String> fields = new TreeSet<>(FIELDS);
    fields.add("name");
    fields.remove("active");
    request.onlyFields(fields);
    String name = request.text("name");
    Person added =
        inFile(
            () ->
                parts
                    .users()
                    .add(
                        name,
                        request.optionalText("displayName").orElse(""),
                        request.optionalText("email").orElse(null),
                        request.texts("groups"),
                        Secret.of(request.text("password"))));
    parts.directory().refresh();
    record(request, "user-add", name, "Groups " + new TreeSet<>(added.groups()) + ".");
    return json(added);
  }

  private JsonNode edit(AdminRequest request) {
    request.onlyFields(FIELDS);
    String name = request.path("name");
    Secret password = request.optionalText("password").map(Secret::of).orElse(null);
    Changed changed = new Changed();
    Person after =
        inFile(
            () ->
                parts
                    .users()
                    .edit(
                        name,
                        before -> {
                          changed.before = before;
                          return changed(before, request);
                        },
                        password));
    parts.directory().refresh();
    if (!after.active()) {
      parts.provider().revokeAllOfPerson(Administration.actor(request), name);
    }
    if (!after.active() || password != null) {
      parts.sessions().endAll(name);
    }
    record(request, "user-edit", name, difference(changed.before, after, password != null));
    return json(after);
  }

  private @Nullable JsonNode remove(AdminRequest request) {
    String name = request.path("name");
    inFile(
        () -> {
          parts.users().remove(name);
          return name;
        });
    parts.directory().refresh();
    parts.provider().revokeAllOfPerson(Administration.actor(request), name);
    parts.sessions().endAll(name);
    record(request, "user-remove", name, "Sessions and tokens went with the person.");
    return null;
  }

  private static Person changed(Person before, AdminRequest request) {
    return new Person(
        before.name(),
        before.identity(),
        request.optionalText("displayName").orElse(before.displayName()),
        request.optionalText("email").orElse(before.email()),
        request.has("groups") ? Set.copyOf(request.texts("groups")) : before.groups(),
        request.flag("active", before.active()));
  }

  private static String difference(@Nullable Person before, Person after, boolean password) {
    StringBuilder text = new StringBuilder();
    if (before != null) {
      change(text, "display name", before.displayName(), after.displayName());
      change(text, "email", String.valueOf(before.email()), String.valueOf(after.email()));
      change(
          text,
          "groups",
          new TreeSet<>(before.groups()).toString(),
          new TreeSet<>(after.groups()).toString());
      change(text, "active", String.valueOf(before.active()), String.valueOf(after.active()));
    }
    if (password) {
      text.append("password changed; ");
    }
    return text.length() == 0 ? "Nothing changed." : text.substring(0, text.length() - 2) + ".";
  }

  private static void change(StringBuilder text, String what, String before, String after) {
    if (!before.equals(after)) {
      text.append(what).append(" '").append(before).append("' to '").append(after).append("'; ");
    }
  }

  private static <T> T inFile(FileWork<T> work) {
    try {
      return work.run();
    } catch (NoSuchElementException e) {
      throw new AdminException(404, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new AdminException(503, String.valueOf(e.getMessage()));
    }
  }

  private static ObjectNode json(Person person) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", person.name())
        .put("displayName", person.displayName())
        .put("email", person.email())
        .put("active", person.active());
    ConsumerJson.texts(json, "groups", new TreeSet<>(person.groups()));
    return json;
  }

  private void record(AdminRequest request, String action, String name, String detail) {
    parts
        .auditTrail()
        .record(
            AuditEvent.builder(
                    parts.clock().instant(), request.id(), action, AuditEvent.Outcome.ALLOWED)
                .person(Administration.ACTOR)
                .actedAs(name)
                .detail(detail)
                .build());
  }

  /** What an edit found, for the audit trail. */
  private static final class Changed {
    private @Nullable Person before;
  }
}
