package dev.onbehalf.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Finds issue keys in texts, in one pass over each: the pattern is written down in {@code
 * docs/issue-keys.md}.
 *
 * <p>A key is an ASCII capital letter, then 1 to 254 of capitals, digits and {@code _}, a hyphen,
 * and an issue number of 1 to 18 digits that does not begin with 0. No letter or digit of any
 * script stands before or after it. An instance is immutable.
 */
public final class IssueKeys {
  /** How many keys an entity may carry where nothing else is configured. */
  public static final int DEFAULT_LIMIT = 500;

  /**
   * Words that look like a project and are none; a project allow-list that names one overrules it.
   */
  public static final Set<String> DEFAULT_DENIED =
      Set.of(
          "AES", "ANSI", "ASCII", "BASE", "BCP", "CP", "CVE", "CWE", "DES", "ECMA", "EN", "FIPS",
          "GPL", "HMAC", "HTTP", "IEC", "IEEE", "IPV", "ISO", "ITU", "JDK", "JEP", "JRE", "JSR",
          "LGPL", "MD", "MPL", "NIST", "PEP", "PKCS", "RFC", "RSA", "SHA", "SHA3", "SSL", "TLS",
          "UCS", "UTC", "UTF", "WINDOWS");

  private static final int MAX_PROJECT = 255;
  private static final int MAX_NUMBER = 18;

  private final Set<KeySource> sources;
  private final Set<String> projects;
  private final Set<String> denied;
  private final boolean lowerCase;
  private final int limit;

  private IssueKeys(Builder builder) {
    this.sources = Set.copyOf(builder.sources);
    this.projects = Set.copyOf(builder.projects);
    this.denied = Set.copyOf(builder.denied);
    this.lowerCase = builder.lowerCase;
    this.limit = builder.limit;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Tells whether the whole of {@code text} is a key, in capitals. */
  public static boolean isKey(String text) {
    List<String> found = new ArrayList<>(1);
    scan(text, false, found::add);
    return found.size() == 1 && found.get(0).length() == text.length();
  }

  /**
   * Returns the keys of {@code texts} in the order of the texts and within them, without
   * duplicates. Texts of sources not selected are passed over. Keys given explicitly are never
   * denied; a text among them that is no key throws {@link IllegalArgumentException}.
   */
  public FoundKeys find(Iterable<KeyText> texts) {
    Map<String, FoundKeys.Key> keys = new LinkedHashMap<>();
    Set<String> ignored = new LinkedHashSet<>();
    Set<String> over = new LinkedHashSet<>();
    for (KeyText text : texts) {
      if (text.source() == KeySource.EXPLICIT) {
        keep(explicit(text.text()), text, keys, over);
      } else if (sources.contains(text.source())) {
        scan(
            text.text(),
            lowerCase,
            key -> {
              if (wanted(key)) {
                keep(key, text, keys, over);
              } else {
                ignored.add(key);
              }
            });
      }
    }
    return new FoundKeys(
        List.copyOf(keys.values()), List.copyOf(ignored), List.copyOf(over), limit);
  }

  private void keep(String key, KeyText text, Map<String, FoundKeys.Key> keys, Set<String> over) {
    if (keys.containsKey(key)) {
      return;
    }
    if (keys.size() < limit) {
      keys.put(key, new FoundKeys.Key(key, text.source(), text.where()));
    } else {
      over.add(key);
    }
  }

  private boolean wanted(String key) {
    String project = key.substring(0, key.indexOf('-'));
    return projects.isEmpty() ? !denied.contains(project) : projects.contains(project);
  }

  private static String explicit(String text) {
    String key = text.strip().toUpperCase(Locale.ROOT);
    if (!isKey(key)) {
      throw new IllegalArgumentException(
          "'%s' is not an issue key; a key looks like ABC-12.".formatted(Text.fit(text, 60)));
    }
    return key;
  }

  /**
   * Walks the text once. {@code start} is where a project key may have begun, -1 for nowhere; a
   * hyphen ends it and the digits after the hyphen decide.
   */
  private static void scan(String text, boolean lowerCase, Sink sink) {
    int length = text.length();
    int start = -1;
    int i = 0;
    while (i < length) {
      char c = text.charAt(i);
      if (isCapital(c, lowerCase)) {
        if (start < 0 && isBorder(text, i)) {
          start = i;
        }
      } else if (c == '-') {
        if (start >= 0 && i - start >= 2 && i - start <= MAX_PROJECT) {
          int end = numberEnd(text, i + 1);
          if (end > 0) {
            sink.found(text.substring(start, end).toUpperCase(Locale.ROOT));
            i = end - 1;
          }
        }
        start = -1;
      } else if (!isDigit(c) && c != '_') {
        start = -1;
      }
      i++;
    }
  }

  /** Returns where the issue number that begins at {@code from} ends, or -1 where there is none. */
  private static int numberEnd(String text, int from) {
    int end = from;
    while (end < text.length() && isDigit(text.charAt(end)) && end - from <= MAX_NUMBER) {
      end++;
    }
    boolean number = end > from && end - from <= MAX_NUMBER && text.charAt(from) != '0';
    boolean border = end == text.length() || !Character.isLetterOrDigit(text.codePointAt(end));
    return number && border ? end : -1;
  }

  private static boolean isBorder(String text, int at) {
    return at == 0 || !Character.isLetterOrDigit(text.codePointBefore(at));
  }

  private static boolean isCapital(char c, boolean lowerCase) {
    return (c >= 'A' && c <= 'Z') || (lowerCase && c >= 'a' && c <= 'z');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  @FunctionalInterface
  private interface Sink {
    void found(String key);
  }

  /** Collects the settings of an {@link IssueKeys}. */
  public static final class Builder {
    private Set<KeySource> sources = EnumSet.allOf(KeySource.class);
    private final Set<String> projects = new LinkedHashSet<>();
    private Set<String> denied = DEFAULT_DENIED;
    private boolean lowerCase;
    private int limit = DEFAULT_LIMIT;

    private Builder() {}

    /** Which texts are searched; all by default. Explicit keys always count. */
    @CanIgnoreReturnValue
    public Builder sources(Set<KeySource> selected) {
      sources = selected;
      return this;
    }

    /** Keys of these projects only; where none is named, those of any project not denied. */
    @CanIgnoreReturnValue
    public Builder projects(Collection<String> keys) {
      keys.forEach(key -> projects.add(key.toUpperCase(Locale.ROOT)));
      return this;
    }

    /** Replaces {@link IssueKeys#DEFAULT_DENIED}. */
    @CanIgnoreReturnValue
    public Builder denied(Collection<String> words) {
      denied = new LinkedHashSet<>();
      words.forEach(word -> denied.add(word.toUpperCase(Locale.ROOT)));
      return this;
    }

    /** Whether {@code abc-12} counts as {@code ABC-12}; false by default. */
    @CanIgnoreReturnValue
    public Builder lowerCase(boolean accepted) {
      lowerCase = accepted;
      return this;
    }

    /** How many keys are kept, 1 to 500. */
    @CanIgnoreReturnValue
    public Builder limit(int keys) {
      if (keys < 1 || keys > DEFAULT_LIMIT) {
        throw new IllegalArgumentException(
            "The limit of issue keys must be 1 to %d. Found %d.".formatted(DEFAULT_LIMIT, keys));
      }
      limit = keys;
      return this;
    }

    public IssueKeys build() {
      return new IssueKeys(this);
    }
  }
}
