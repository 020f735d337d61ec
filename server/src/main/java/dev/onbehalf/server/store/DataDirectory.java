package dev.onbehalf.server.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data directory: readable by its owner alone, of one format, used by one process. */
final class DataDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);
  private static final int FORMAT = 1;
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  /** What is written here by somebody's default mode: files, and directories of files. */
  private static final List<String> OURS =
      List.of("lock", Database.FILE + Database.FILE_SUFFIX, "nonces", "delivery-spool");

  private DataDirectory() {}

  /** Creates the directory where it is missing and checks the format of one that exists. */
  static void prepare(Path directory) {
    try {
      if (!Files.isDirectory(directory)) {
        createPrivate(directory);
      } else {
        warnIfShared(directory);
      }
      Path format = directory.resolve("format");
      if (!Files.exists(format)) {
        writeAtomically(format, FORMAT + "\n");
        return;
      }
      String text = Files.readString(format).strip();
      if (!text.matches("[0-9]{1,9}")) {
        throw new StoreException(
            "The file " + format + " is damaged: it must hold the number " + FORMAT + ".");
      }
      if (Integer.parseInt(text) > FORMAT) {
        throw new StoreException(
            "The data directory "
                + directory
                + " was written by a newer version of Onbehalf; start that version, or name another"
                + " directory.");
      }
      tighten(directory);
    } catch (FileAlreadyExistsException e) {
      throw new StoreException(
          "The data directory " + directory + " is a file; name a directory.", e);
    } catch (IOException e) {
      throw new StoreException(
          "The data directory "
              + directory
              + " cannot be used ("
              + e
              + "); name a directory this process may write to.",
          e);
    }
  }

  /** Takes the directory for this process, until the channel is closed. */
  static FileChannel lock(Path directory) {
    Path file = directory.resolve("lock");
    try {
      FileChannel channel = openPrivate(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if (channel.tryLock() != null) {
          return channel;
        }
      } catch (OverlappingFileLockException e) {
        // Held by this process: same answer.
      }
      channel.close();
    } catch (IOException e) {
      throw new StoreException("The file " + file + " cannot be locked (" + e + ").", e);
    }
    throw new StoreException(
        "The data directory "
            + directory
            + " is in use by another process; stop that one, or use PostgreSQL to run several"
            + " nodes.");
  }

  /** Opens a file; where that creates it, with mode 0600. */
  static FileChannel openPrivate(Path file, OpenOption... options) throws IOException {
    return posix(file)
        ? FileChannel.open(
            file,
            Set.of(options),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        : FileChannel.open(file, options);
  }

  /** Creates an empty file with mode 0600 for somebody who would create it with another mode. */
  static void createPrivate(Path directory, String name) {
    try {
      openPrivate(directory.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
          .close();
    } catch (IOException e) {
      throw new StoreException(
          "The data directory " + directory + " cannot be written to (" + e + ").", e);
    }
  }

  /** Takes from others what an earlier version let them read. */
  private static void tighten(Path directory) throws IOException {
    if (!posix(directory)) {
      return;
    }
    for (String name : OURS) {
      Path ours = directory.resolve(name);
      if (Files.exists(ours)) {
        try (Stream<Path> files = Files.walk(ours, 1)) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.removeAll(OTHERS)) {
              Files.setPosixFilePermissions(file, permissions);
            }
          }
        }
      }
    }
  }

  /** Replaces {@code file} as a whole, with mode 0600. */
  static void writeAtomically(Path file, String content) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Path temporary = Files.createTempFile(directory, "." + file.getFileName(), ".tmp");
    try {
      Files.writeString(temporary, content);
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void createPrivate(Path directory) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (posix(directory)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectory(directory);
    }
  }

  private static void warnIfShared(Path directory) throws IOException {
    if (posix(directory)) {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
      permissions.retainAll(OTHERS);
      if (!permissions.isEmpty()) {
        LOG.warn(
            "The data directory {} is open to other users of this machine; run 'chmod 700 {}'.",
            directory,
            directory);
      }
    }
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
