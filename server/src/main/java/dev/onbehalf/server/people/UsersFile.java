package dev.onbehalf.server.people;

import dev.onbehalf.oauth1.Secret;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The users file: YAML, mode 0600, replaced as a whole. One process writes it; administrators may
 * edit it by hand.
 */
public final class UsersFile {
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final Set<String> KEYS =
      Set.of("id", "display-name", "email", "groups", "active", "password");

  private final Path file;
  private final PasswordHashes hashes = new PasswordHashes();

  /** A person with the hash of their password. */
  record Entry(Person person, String passwordHash) {}

  public UsersFile(Path file) {
    this.file = file;
  }

  /**
   * Returns the people, in the order of the file; none if there is no file.
   *
   * @throws IOException with one sentence if the file is unreadable or damaged
   */
  public List<Person> list() throws IOException {
    return read().values().stream().map(Entry::person).toList();
  }

  /**
   * Adds a person with an identity of their own.
   *
   * @throws IllegalArgumentException if a name may not be used or is taken, or the password is
   *     empty
   * @throws IOException if the file cannot be read or written
   */
  public synchronized Person add(
      String name,
      String displayName,
      @Nullable String email,
      Collection<String> groups,
      Secret password)
      throws IOException {
    Map<String, Entry> entries = read();
    Names.requireUser(name);
    NavigableSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.addAll(entries.keySet());
    requireNew(name, names);
    Person person =
        new Person(
            name,
            UUID.randomUUID().toString(),
            displayName.isEmpty() ? name : displayName,
            email,
            requireGroups(groups),
            true);
    entries.put(name, new Entry(person, hash(password)));
    write(entries);
    return person;
  }

  /**
   * Changes a person.
   *
   * @param change returns the person as they shall be, of the same name and identity
   * @param password the new password; null keeps the old one
   * @throws NoSuchElementException if there is no such person
   * @throws IllegalArgumentException if a group name may not be used or the password is empty
   * @throws IOException if the file cannot be read or written
   */
  public synchronized Person edit(
      String name, UnaryOperator<Person> change, @Nullable Secret password) throws IOException {
    Map<String, Entry> entries = read();
    Entry old = entries.get(name);
    if (old == null) {
      throw new NoSuchElementException("There is no user '" + name + "'.");
    }
    Person changed = change.apply(old.person());
    requireGroups(changed.groups());
    entries.put(name, new Entry(changed, password == null ? old.passwordHash() : hash(password)));
    write(entries);
    return changed;
  }

  /**
   * Removes a person; somebody who is added under the name later is somebody else.
   *
   * @throws NoSuchElementException if there is no such person
   * @throws IOException if the file cannot be read or written
   */
  public synchronized void remove(String name) throws IOException {
    Map<String, Entry> entries = read();
    if (entries.remove(name) == null) {
      throw new NoSuchElementException("There is no user '" + name + "'.");
    }
    write(entries);
  }

  Path path() {
    return file;
  }

  PasswordHashes hashes() {
    return hashes;
  }

  /** Reads the whole file. */
  Map<String, Entry> read() throws IOException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    try {
      NavigableSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      for (Map.Entry<String, JsonNode> user : users().properties()) {
        requireNew(user.getKey(), names);
        names.add(user.getKey());
        entries.put(user.getKey(), entry(user.getKey(), user.getValue()));
      }
    } catch (NoSuchFileException e) {
      return entries;
    } catch (JacksonException | IllegalArgumentException e) {
      String reason =
          e instanceof JacksonException yaml ? yaml.getOriginalMessage() : e.getMessage();
      throw new IOException("The users file " + file + " is damaged: " + reason, e);
    }
    return entries;
  }

  /** Refuses what it does not know, since the next change would write the file without it. */
  private ObjectNode users() throws IOException {
    JsonNode root = YAML.readTree(Files.readAllBytes(file));
    if (root.isMissingNode() || root.isNull()) {
      return YAML.createObjectNode();
    }
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (!field.getKey().equals("users")) {
        throw new IllegalArgumentException(
            "the key '" + field.getKey() + "' is unknown; everybody stands under 'users'.");
      }
    }
    JsonNode users = root.path("users");
    if (root.isObject() && (users.isMissingNode() || users.isNull())) {
      return YAML.createObjectNode();
    }
    if (!(users instanceof ObjectNode people)) {
      throw new IllegalArgumentException("'users' must be a map of names.");
    }
    return people;
  }

  /** Jenkins and the Atlassian products take names that differ in case alone for one person. */
  private static void requireNew(String name, NavigableSet<String> taken) {
    if (taken.contains(name)) {
      throw new IllegalArgumentException(
          "There is a user '" + taken.floor(name) + "' already; case makes no difference.");
    }
  }

  private static Entry entry(String name, JsonNode user) {
    Names.requireUser(name);
    if (!user.isObject()) {
      throw new IllegalArgumentException("user '" + name + "' must be a map.");
    }
    for (Map.Entry<String, JsonNode> field : user.properties()) {
      if (!KEYS.contains(field.getKey())) {
        throw new IllegalArgumentException(
            "user '" + name + "' has the unknown key '" + field.getKey() + "'.");
      }
    }
    Set<String> groups = new TreeSet<>();
    JsonNode list = user.path("groups");
    if (!list.isMissingNode() && !list.isNull() && !list.isArray()) {
      throw new IllegalArgumentException("'groups' of user '" + name + "' must be a list.");
    }
    list.forEach(group -> groups.add(group.asString()));
    JsonNode active = user.path("active");
    if (!active.isMissingNode() && !active.isBoolean()) {
      throw new IllegalArgumentException("'active' of user '" + name + "' must be true or false.");
    }
    Person person =
        new Person(
            name,
            user.path("id").asString(name),
            user.path("display-name").asString(name),
            user.path("email").isString() ? user.path("email").stringValue() : null,
            requireGroups(groups),
            active.isMissingNode() || active.booleanValue());
    String hash = user.path("password").asString("");
    if (!hash.startsWith("$argon2id$")) {
      throw new IllegalArgumentException(
          "user '"
              + name
              + "' has no Argon2id hash under 'password'; set one with"
              + " 'onbehalf user edit "
              + name
              + " --password'.");
    }
    return new Entry(person, hash);
  }

  private void write(Map<String, Entry> entries) throws IOException {
    ObjectNode root = YAML.createObjectNode();
    ObjectNode users = root.putObject("users");
    entries.forEach((name, entry) -> put(users.putObject(name), entry));
    Path directory = file.toAbsolutePath().getParent();
    Path temporary =
        Files.createTempFile(
            directory,
            "users",
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.write(temporary, YAML.writeValueAsBytes(root));
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void put(ObjectNode user, Entry entry) {
    Person person = entry.person();
    user.put("id", person.identity());
    user.put("display-name", person.displayName());
    if (person.email() != null) {
      user.put("email", person.email());
    }
    ArrayNode groups = user.putArray("groups");
    new TreeSet<>(person.groups()).forEach(groups::add);
    user.put("active", person.active());
    user.put("password", entry.passwordHash());
  }

  private String hash(Secret password) {
    if (password.isEmpty()) {
      throw new IllegalArgumentException("The password may not be empty.");
    }
    return hashes.hash(password);
  }

  private static Set<String> requireGroups(Collection<String> groups) {
    groups.forEach(Names::requireGroup);
    return Set.copyOf(groups);
  }
}
