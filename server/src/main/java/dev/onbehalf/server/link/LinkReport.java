package dev.onbehalf.server.link;

import dev.onbehalf.applinks.LinkError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a test of a link found, in the words peers show ({@code docs/peer-facts.md} 1.13).
 *
 * @param findings in the order of the tests
 * @param fields what to enter at the peer, where that helps; else empty
 */
public record LinkReport(List<Finding> findings, List<LinkGuide.Field> fields) {

  public LinkReport {
    findings = List.copyOf(findings);
    fields = List.copyOf(fields);
  }

  /** Whether nothing is at fault. */
  public boolean working() {
    return findings.stream().noneMatch(finding -> finding.outcome() == Outcome.FAULT);
  }

  /** How a test ended. */
  public enum Outcome {
    FINE,
    /** Worth knowing, but no fault. */
    NOTE,
    FAULT
  }

  /**
   * One test.
   *
   * @param check what was tried
   * @param outcome how it ended
   * @param type kind of fault; null where there is none
   * @param category what the kind belongs to; null where there is none
   * @param sentence what was found and, for a fault, what helps
   */
  public record Finding(
      String check,
      Outcome outcome,
      @Nullable String type,
      @Nullable String category,
      String sentence) {}

  /** Collects findings. */
  static final class Builder {
    private final List<Finding> findings = new ArrayList<>();

    void fine(String check, String sentence) {
      findings.add(new Finding(check, Outcome.FINE, null, null, sentence));
    }

    void note(String check, @Nullable String type, String sentence) {
      findings.add(
          new Finding(check, Outcome.NOTE, type, type == null ? null : category(type), sentence));
    }

    void fault(String check, LinkError error, String sentence) {
      fault(check, error.name(), sentence);
    }

    void fault(String check, String type, String sentence) {
      findings.add(new Finding(check, Outcome.FAULT, type, category(type), sentence));
    }

    boolean hasFault() {
      return findings.stream().anyMatch(finding -> finding.outcome() == Outcome.FAULT);
    }

    boolean has(Set<String> types) {
      return findings.stream()
          .anyMatch(finding -> finding.type() != null && types.contains(finding.type()));
    }

    LinkReport build(List<LinkGuide.Field> fields) {
      return new LinkReport(findings, fields);
    }
  }

  private static String category(String type) {
    return switch (type.toUpperCase(Locale.ROOT)) {
      case "GENERIC_LINK" -> "NON_ATLASSIAN";
      case "LOCAL_AUTH_TOKEN_REQUIRED", "INSUFFICIENT_REMOTE_PERMISSION" -> "ACCESS_ERROR";
      case "NO_REMOTE_APPLINK", "AUTH_LEVEL_MISMATCH", "ADDRESS_REFUSED" -> "CONFIG_ERROR";
      case "AUTH_LEVEL_UNSUPPORTED", "LEGACY_REMOVAL" -> "DEPRECATED";
      case "UNKNOWN" -> "UNKNOWN";
      default -> "NETWORK_ERROR";
    };
  }
}
