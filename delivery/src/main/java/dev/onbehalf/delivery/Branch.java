package dev.onbehalf.delivery;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Collection;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A branch of a {@link Repository}. */
public final class Branch {
  private final ObjectNode json;

  private Branch(ObjectNode draft) {
    this.json = Report.checked("branch", Shapes.BRANCH, DataType.DEVELOPMENT_INFORMATION, draft);
  }

  public static Builder builder() {
    return new Builder();
  }

  ObjectNode toJson() {
    return json.deepCopy();
  }

  @Override
  public String toString() {
    return "branch " + json.path("name").asString();
  }

  /** Collects the fields of a {@link Branch}. */
  public static final class Builder {
    private final ObjectNode json = Report.object();

    private Builder() {}

    /** Required, at most 512 characters; the branch's id as well. */
    @CanIgnoreReturnValue
    public Builder name(String name) {
      json.put("id", name).put("name", name);
      return this;
    }

    /** Required, 1 to 500 keys. */
    @CanIgnoreReturnValue
    public Builder issueKeys(Collection<String> keys) {
      ArrayNode values = json.putArray("issueKeys");
      keys.forEach(values::add);
      return this;
    }

    /** Required. */
    @CanIgnoreReturnValue
    public Builder lastCommit(Commit commit) {
      json.set("lastCommit", commit.toJson());
      return this;
    }

    /** Required, an absolute http(s) URL of at most 2000 characters. */
    @CanIgnoreReturnValue
    public Builder url(String url) {
      json.put("url", url);
      return this;
    }

    /** Throws {@link InvalidReportException} where a field is missing or breaks its limit. */
    public Branch build() {
      return new Branch(json);
    }
  }
}
