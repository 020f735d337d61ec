package dev.onbehalf.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Collection;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A link from issues to something elsewhere; {@code docs/peer-facts.md} 2.6. */
public final class RemoteLink extends Report {
  private RemoteLink(ObjectNode draft) {
    super(DataType.REMOTE_LINKS, draft);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** What a link leads to. */
  public enum Type {
    DOCUMENT("document"),
    ALERT("alert"),
    TEST("test"),
    SECURITY("security"),
    LOG_FILE("logFile"),
    PROTOTYPE("prototype"),
    COVERAGE("coverage"),
    BUG_REPORT("bugReport"),
    OTHER("other");

    private final String word;

    Type(String word) {
      this.word = word;
    }

    /** Returns the word on the wire. */
    public String word() {
      return word;
    }

    /** Returns the constant with that {@link #word()}, case-sensitive. */
    public static Optional<Type> of(String word) {
      return Words.find(values(), Type::word, word);
    }

    static String[] words() {
      return Words.all(values(), Type::word);
    }
  }

  /** How the status of a link looks. */
  public enum Appearance {
    DEFAULT("default"),
    IN_PROGRESS("inprogress"),
    MOVED("moved"),
    NEW("new"),
    REMOVED("removed"),
    PROTOTYPE("prototype"),
    SUCCESS("success");

    private final String word;

    Appearance(String word) {
      this.word = word;
    }

    /** Returns the word on the wire. */
    public String word() {
      return word;
    }

    /** Returns the constant with that {@link #word()}, case-sensitive. */
    public static Optional<Appearance> of(String word) {
      return Words.find(values(), Appearance::word, word);
    }

    static String[] words() {
      return Words.all(values(), Appearance::word);
    }
  }

  /** Collects the fields of a {@link RemoteLink}. */
  public static final class Builder extends ReportBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** Required, at most 255 characters; the same id updates the link in place. */
    @CanIgnoreReturnValue
    public Builder id(String id) {
      return put("id", id);
    }

    /** Required. */
    @CanIgnoreReturnValue
    public Builder type(Type type) {
      return put("type", type.word());
    }

    /** A label of at most 255 characters and how it looks. */
    @CanIgnoreReturnValue
    public Builder status(Appearance appearance, String label) {
      json.putObject("status").put("appearance", appearance.word()).put("label", label);
      return this;
    }

    /** Issue keys; an empty collection adds nothing. */
    @CanIgnoreReturnValue
    public Builder issueKeys(Collection<String> keys) {
      return associate("issueKeys", keys);
    }

    /** Service ids or keys; an empty collection adds nothing. */
    @CanIgnoreReturnValue
    public Builder serviceIds(Collection<String> idsOrKeys) {
      return associate("serviceIdOrKeys", idsOrKeys);
    }

    /** Throws {@link InvalidReportException} where a field is missing or breaks its limit. */
    public RemoteLink build() {
      return new RemoteLink(json);
    }
  }
}
