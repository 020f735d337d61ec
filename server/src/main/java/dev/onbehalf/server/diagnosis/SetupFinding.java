package dev.onbehalf.server.diagnosis;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One thing found out about the administrator's own set-up, free of secrets.
 *
 * @param severity how much it matters
 * @param subject what it is about, such as {@code public URL of jenkins}
 * @param seen what was seen, one sentence
 * @param remedy what to do, one sentence; null where there is nothing to do
 * @param reference the specification that speaks of it; null where none does
 */
public record SetupFinding(
    Severity severity,
    String subject,
    String seen,
    @Nullable String remedy,
    @Nullable String reference) {

  /** How much a finding matters, the worst first. */
  public enum Severity {
    /** Something does not work, or a protection protects nothing. */
    FAULT,
    /** It works, and will not for long, or is weaker than it looks. */
    WARNING,
    /** Good to know. */
    NOTE,
    /** As it should be. */
    FINE
  }

  public static SetupFinding fault(String subject, String seen, String remedy) {
    return new SetupFinding(Severity.FAULT, subject, seen, remedy, null);
  }

  public static SetupFinding warning(String subject, String seen, String remedy) {
    return new SetupFinding(Severity.WARNING, subject, seen, remedy, null);
  }

  public static SetupFinding note(String subject, String seen, String remedy) {
    return new SetupFinding(Severity.NOTE, subject, seen, remedy, null);
  }

  public static SetupFinding fine(String subject, String seen) {
    return new SetupFinding(Severity.FINE, subject, seen, null, null);
  }

  /** Returns findings as the administrator API names them. */
  public static ArrayNode json(List<SetupFinding> findings) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (SetupFinding finding : findings) {
      all.addObject()
          .put("severity", finding.severity().name().toLowerCase(Locale.ROOT))
          .put("subject", finding.subject())
          .put("seen", finding.seen())
          .put("remedy", finding.remedy())
          .put("reference", finding.reference());
    }
    return all;
  }

  /** Returns this finding with the specification that speaks of it. */
  public SetupFinding see(String specification) {
    return new SetupFinding(severity, subject, seen, remedy, specification);
  }
}
