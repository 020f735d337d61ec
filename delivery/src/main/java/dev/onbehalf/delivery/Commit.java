package dev.onbehalf.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Instant;
import java.util.Collection;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A commit of a {@link Repository}. */
public final class Commit {
  private static final int MAX_MESSAGE = 1024;

  private final ObjectNode json;

  private Commit(ObjectNode draft) {
    this.json = Report.checked("commit", Shapes.COMMIT, DataType.DEVELOPMENT_INFORMATION, draft);
  }

  public static Builder builder() {
    return new Builder();
  }

  ObjectNode toJson() {
    return json.deepCopy();
  }

  @Override
  public String toString() {
    return "commit " + json.path("id").asString();
  }

  /** Collects the fields of a {@link Commit}. */
  public static final class Builder {
    private final ObjectNode json = Report.object().put("fileCount", 0);

    private Builder() {}

    /** Required, at most 1024 characters; its first 7 become the displayed id. */
    @CanIgnoreReturnValue
    public Builder id(String id) {
      json.put("id", id).put("displayId", id.length() > 7 ? id.substring(0, 7) : id);
      return this;
    }

    /** Required, 1 to 500 keys. */
    @CanIgnoreReturnValue
    public Builder issueKeys(Collection<String> keys) {
      ArrayNode values = json.putArray("issueKeys");
      keys.forEach(values::add);
      return this;
    }

    /** Required; cut to 1024 characters, as Jira does. */
    @CanIgnoreReturnValue
    public Builder message(String text) {
      json.put("message", Text.fit(text, MAX_MESSAGE));
      return this;
    }

    /** Required. */
    @CanIgnoreReturnValue
    public Builder author(String name) {
      json.putObject("author").put("name", name);
      return this;
    }

    /** Not negative; 0 by default. */
    @CanIgnoreReturnValue
    public Builder fileCount(long files) {
      json.put("fileCount", files);
      return this;
    }

    /** Required, an absolute http(s) URL of at most 2000 characters. */
    @CanIgnoreReturnValue
    public Builder url(String url) {
      json.put("url", url);
      return this;
    }

    /** Required. */
    @CanIgnoreReturnValue
    public Builder authorTimestamp(Instant time) {
      json.put("authorTimestamp", Report.wire(time));
      return this;
    }

    @CanIgnoreReturnValue
    public Builder mergeCommit() {
      json.putArray("flags").add("MERGE_COMMIT");
      return this;
    }

    /** Throws {@link InvalidReportException} where a field is missing or breaks its limit. */
    public Commit build() {
      return new Commit(json);
    }
  }
}
