package dev.onbehalf.delivery.send;

import dev.onbehalf.delivery.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A directory of reports on their way to one site, shared by the processes of a machine.
 *
 * <p>A batch is one file, written in full before it gets its name; names sort in the order the
 * batches were handed over. The sequence numbers come from here too, in milliseconds, each higher
 * than any given before, so that a clock that steps back takes no update with it. Holds no secret.
 */
final class Spool {
  private static final String READY = ".json";
  private static final String ANSWER = ".answer";
  private static final String BROKEN = ".broken";

  private final Path directory;

  private Spool(Path directory) {
    this.directory = directory;
  }

  static Spool in(Path directory) throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(directory);
    }
    return new Spool(directory);
  }

  /** Numbers the entities, which are changed by it, and keeps them; returns them as a batch. */
  Batch append(
      DataType type, Map<String, String> properties, List<ObjectNode> entities, Instant now)
      throws IOException {
    try (FileLock ignored = FileLock.take(directory.resolve("sequence.lock"))) {
      long number = number(entities.size(), now.toEpochMilli());
      for (int i = 0; i < entities.size(); i++) {
        stamp(type, entities.get(i), number + i);
      }
      String name = "%019d-%d".formatted(number, ProcessHandle.current().pid());
      Batch batch = new Batch(name, type, properties, entities);
      write(name, READY, json(batch));
      return batch;
    }
  }

  static void stamp(DataType type, ObjectNode entity, long number) {
    if (!entity.has(type.sequenceField())) {
      type.stamp(entity, number);
    }
  }

  private long number(int count, long nowMillis) throws IOException {
    Path file = directory.resolve("sequence");
    try (FileChannel channel =
        FileLock.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES);
      long last = channel.read(buffer, 0) == Long.BYTES ? buffer.flip().getLong() : 0;
      long first = Math.max(nowMillis, last + 1);
      channel.write(ByteBuffer.allocate(Long.BYTES).putLong(0, first + count - 1), 0);
      return first;
    }
  }

  /** Returns the names of the batches not yet answered, oldest first. */
  List<String> pending() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(directory, "[0-9]*-[0-9]*" + READY)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        names.add(name.substring(0, name.length() - READY.length()));
      }
    }
    Collections.sort(names);
    return names;
  }

  /** Returns a batch; empty when it is gone or cannot be read, in which case it is put aside. */
  Optional<Batch> read(String name) throws IOException {
    Path file = file(name, READY);
    try {
      JsonNode json = Caller.JSON.readTree(Files.readAllBytes(file));
      DataType type = DataType.byName(json.path("type").asString()).orElse(null);
      List<ObjectNode> entities = new ArrayList<>();
      for (JsonNode entity : json.path("entities")) {
        if (entity instanceof ObjectNode object) {
          entities.add(object);
        }
      }
      if (type != null && !entities.isEmpty()) {
        Map<String, String> properties = new LinkedHashMap<>();
        json.path("properties")
            .properties()
            .forEach(pair -> properties.put(pair.getKey(), pair.getValue().asString()));
        return Optional.of(new Batch(name, type, properties, entities));
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JacksonException e) {
      // falls through: put aside below
    }
    Files.move(file, file(name, BROKEN), StandardCopyOption.REPLACE_EXISTING);
    return Optional.empty();
  }

  /** Removes an answered batch; where another living process waits for it, leaves it the answer. */
  void done(Batch batch, JsonNode answer) throws IOException {
    if (ownerLives(batch.name())) {
      write(batch.name(), ANSWER, answer);
    }
    Files.deleteIfExists(file(batch.name(), READY));
  }

  /** Puts a batch aside that the site will never take. */
  void refused(Batch batch) throws IOException {
    Files.move(
        file(batch.name(), READY),
        file(batch.name(), ".refused"),
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Takes the answer another process left for this one's batch. */
  Optional<JsonNode> answer(Batch batch) throws IOException {
    Path file = file(batch.name(), ANSWER);
    try {
      JsonNode answer = Caller.JSON.readTree(Files.readAllBytes(file));
      Files.delete(file);
      return Optional.of(answer);
    } catch (NoSuchFileException | JacksonException e) {
      return Optional.empty();
    }
  }

  boolean holds(Batch batch) {
    return Files.exists(file(batch.name(), READY));
  }

  Path directory() {
    return directory;
  }

  Path drainLock() {
    return directory.resolve("drain.lock");
  }

  private static boolean ownerLives(String name) {
    try {
      long owner = Long.parseLong(name.substring(name.indexOf('-') + 1));
      return owner != ProcessHandle.current().pid() && ProcessHandle.of(owner).isPresent();
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static JsonNode json(Batch batch) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("type", batch.type().name());
    ObjectNode properties = json.putObject("properties");
    batch.properties().forEach(properties::put);
    ArrayNode entities = json.putArray("entities");
    batch.entities().forEach(entities::add);
    return json;
  }

  private void write(String name, String suffix, JsonNode json) throws IOException {
    Path draft = file(name, ".draft");
    try (FileChannel channel =
        FileLock.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(json.toString().getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    }
    try {
      Files.move(draft, file(name, suffix), StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(draft, file(name, suffix), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private Path file(String name, String suffix) {
    return directory.resolve(name + suffix);
  }
}
