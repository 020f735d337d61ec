package dev.onbehalf.server.config;

import dev.onbehalf.oauth1.Secret;
import dev.onbehalf.server.config.Settings.Setting;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of an option as its kind; notes a fault and goes on with the default where it is
 * wrong.
 */
final class Values {
  private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");
  private static final int LONGEST_NAME = 256;
  private static final long LONGEST_SECRET_BYTES = 100_000;

  /** Headers that mean something else to every server. */
  private static final Set<String> RESERVED_HEADERS =
      Set.of(
          "accept",
          "authorization",
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "cookie",
          "expect",
          "forwarded",
          "host",
          "keep-alive",
          "origin",
          "proxy-authorization",
          "proxy-connection",
          "referer",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "via",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-forwarded-proto");

  /** Address and port to bind. */
  record Listener(String address, int port) {}

  private final Settings settings;
  private final ConfigurationPrinter printer;

  Values(Settings settings, ConfigurationPrinter printer) {
    this.settings = settings;
    this.printer = printer;
  }

  /** Where {@code key} was set, for a message. */
  String place(String key) {
    Setting setting = settings.get(key);
    return setting == null ? "default" : setting.place();
  }

  String text(String key) {
    Option option = option(key);
    return read(
        key,
        text -> {
          if (option.kind() == Option.Kind.CHOICE && !option.choices().contains(text)) {
            throw new IllegalArgumentException(
                "'" + text + "' must be one of " + String.join(", ", option.choices()) + ".");
          }
          return text;
        });
  }

  @Nullable String optionalText(String key) {
    return readOptional(key, Function.identity());
  }

  Duration duration(String key) {
    return read(key, text -> duration(option(key), text));
  }

  Duration duration(String key, Duration fallback) {
    Duration duration = readOptional(key, text -> duration(option(key), text), "");
    if (duration == null) {
      printer.add(key, Durations.format(fallback), "default");
      return fallback;
    }
    return duration;
  }

  @Nullable Duration optionalDuration(String key, String wordForNone) {
    return readOptional(key, text -> text.equals(wordForNone) ? null : duration(option(key), text));
  }

  /** Reads a count or a size. */
  int integer(String key) {
    Option option = option(key);
    return read(
        key,
        text -> {
          boolean size = option.kind() == Option.Kind.SIZE;
          if (!size && !text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number.");
          }
          long number = size ? Sizes.parse(text) : Long.parseLong(text);
          if (number < option.least() || number > option.most()) {
            throw new IllegalArgumentException(
                "'"
                    + text
                    + "' must be between "
                    + option.least()
                    + " and "
                    + option.most()
                    + (size ? " bytes." : "."));
          }
          return Math.toIntExact(number);
        });
  }

  Path path(String key) {
    Path path = optionalPath(key);
    return path == null ? Path.of(Objects.requireNonNull(option(key).fallback())) : path;
  }

  Path path(String key, Path fallback) {
    if (settings.get(key) == null) {
      printer.add(key, fallback.toString(), "default");
      return fallback;
    }
    return Objects.requireNonNullElse(optionalPath(key), fallback);
  }

  @Nullable Path optionalPath(String key) {
    Setting setting = settings.get(key);
    return readOptional(
        key,
        text -> {
          if (text.isEmpty()) {
            throw new IllegalArgumentException("must not be empty.");
          }
          return setting == null ? Path.of(text) : setting.path();
        });
  }

  Listener listener(String key) {
    return read(key, Values::listener0);
  }

  OutgoingConfig.@Nullable ProxyAddress proxy(String key) {
    return readOptional(
        key,
        text -> {
          Listener address = listener0(text);
          if (address.port() == 0) {
            throw new IllegalArgumentException("needs the port of the proxy.");
          }
          return new OutgoingConfig.ProxyAddress(address.address(), address.port());
        });
  }

  @Nullable String databaseUrl(String key) {
    return readOptional(
        key,
        text -> {
          if (!text.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException(
                "must start with jdbc:postgresql: (leave it out for the embedded database).");
          }
          if (text.toLowerCase(Locale.ROOT).contains("password=") || text.contains("@")) {
            throw new IllegalArgumentException(
                "must not carry a password; use database.password-file.");
          }
          return text;
        });
  }

  List<String> addressBlocks(String key) {
    return list(key, text -> AddressBlock.parse(text).toString());
  }

  /** Reads names of users or groups. */
  List<String> names(String key) {
    return list(
        key,
        text -> {
          if (text.isBlank() || text.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("'" + text + "' is not a name.");
          }
          return text.strip();
        });
  }

  @Nullable PublicUrl publicUrl(String key) {
    if (settings.get(key) == null) {
      required(key);
      return null;
    }
    return readOptional(key, PublicUrl::parse);
  }

  @Nullable PublicUrl optionalPublicUrl(String key) {
    return readOptional(key, PublicUrl::parse);
  }

  List<PublicUrl> publicUrls(String key) {
    return list(key, PublicUrl::parse);
  }

  @Nullable URI upstream(String key) {
    if (settings.get(key) == null) {
      required(key);
      return null;
    }
    return readOptional(key, Values::upstream0);
  }

  /** Reads a header name, or the word {@code none}. */
  String header(String key) {
    return read(
        key,
        text -> {
          if (!HEADER_NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a header name.");
          }
          if (RESERVED_HEADERS.contains(text.toLowerCase(Locale.ROOT).replace('_', '-'))) {
            throw new IllegalArgumentException(
                "'" + text + "' has a meaning of its own in HTTP; choose another header.");
          }
          return text;
        });
  }

  @Nullable Secret secret(String key) {
    Setting setting = settings.get(key);
    if (setting == null) {
      printer.addUnset(key);
      return null;
    }
    printer.addMasked(key, setting.place());
    if (!setting.fromFile()) {
      return Secret.of(setting.text());
    }
    Path file;
    try {
      file = setting.path();
    } catch (InvalidPathException e) {
      settings.fault(setting.place(), "the path of the secret's file is not one.");
      return null;
    }
    try {
      if (Files.size(file) > LONGEST_SECRET_BYTES) {
        settings.fault(setting.place(), "the file " + file + " is too long for a secret.");
        return null;
      }
      String content = Files.readString(file);
      String secret = content.endsWith("\n") ? content.substring(0, content.length() - 1) : content;
      if (secret.endsWith("\r")) {
        secret = secret.substring(0, secret.length() - 1);
      }
      if (secret.isEmpty()) {
        settings.fault(setting.place(), "the file " + file + " is empty; it must hold the secret.");
      }
      return Secret.of(secret);
    } catch (IOException e) {
      settings.fault(
          setting.place(),
          "the file " + file + " cannot be read (" + e.getClass().getSimpleName() + ").");
      return null;
    }
  }

  private void required(String key) {
    settings.fault(key, "is missing; every application needs it.");
  }

  private static Duration duration(Option option, String text) {
    Duration duration = Durations.parse(text);
    long millis = duration.toMillis();
    if (millis < option.least() || millis > option.most()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' must be between "
              + Durations.format(Duration.ofMillis(option.least()))
              + " and "
              + Durations.format(Duration.ofMillis(option.most()))
              + ".");
    }
    return duration;
  }

  private static Listener listener0(String text) {
    int colon = text.lastIndexOf(':');
    String address = colon < 0 ? "" : text.substring(0, colon);
    String port = text.substring(colon + 1);
    boolean bracketed = address.startsWith("[") && address.endsWith("]");
    if (address.isEmpty()
        || (address.contains(":") && !bracketed)
        || !port.matches("[0-9]{1,5}")
        || Integer.parseInt(port) > 65_535) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an address and port; write one such as 127.0.0.1:8480.");
    }
    return new Listener(
        bracketed ? address.substring(1, address.length() - 1) : address, Integer.parseInt(port));
  }

  private static URI upstream0(String text) {
    PublicUrl url = PublicUrl.parse(text);
    if (url.contextPath().contains("//") || url.contextPath().matches(".*/\\.\\.?(/.*)?")) {
      throw new IllegalArgumentException(
          "'" + text + "' must not have empty, '.' or '..' segments in its path.");
    }
    try {
      return new URI(url.toString());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("'" + text + "' is not a URL.", e);
    }
  }

  private <T> List<T> list(String key, Function<String, T> reader) {
    Setting setting = settings.get(key);
    if (setting == null) {
      printer.addUnset(key);
      return List.of();
    }
    List<T> values = new ArrayList<>();
    for (String item : setting.items()) {
      try {
        values.add(reader.apply(item));
      } catch (IllegalArgumentException e) {
        settings.fault(setting.place(), key + ": " + e.getMessage());
      }
    }
    printer.addList(key, setting.items(), setting.place());
    return List.copyOf(values);
  }

  /** Reads an option that has a default. */
  private <T> T read(String key, Function<String, T> reader) {
    T value = readOptional(key, reader);
    return value == null
        ? reader.apply(Objects.requireNonNull(option(key).fallback(), key))
        : value;
  }

  private <T> @Nullable T readOptional(String key, Function<String, @Nullable T> reader) {
    return readOptional(key, reader, null);
  }

  /** Returns null where nothing is set and there is no default, or where the text is wrong. */
  private <T> @Nullable T readOptional(
      String key, Function<String, @Nullable T> reader, @Nullable String quiet) {
    Setting setting = settings.get(key);
    String text = setting == null ? option(key).fallback() : setting.text();
    if (text == null) {
      if (quiet == null) {
        printer.addUnset(key);
      }
      return null;
    }
    printer.add(key, text, setting == null ? "default" : setting.place());
    try {
      return reader.apply(text);
    } catch (InvalidPathException e) {
      settings.fault(place(key), key + ": '" + text + "' is not a path.");
    } catch (IllegalArgumentException e) {
      settings.fault(place(key), key + ": " + e.getMessage());
    }
    return null;
  }

  private static Option option(String key) {
    return Options.find(key).orElseThrow(() -> new IllegalArgumentException(key));
  }
}
