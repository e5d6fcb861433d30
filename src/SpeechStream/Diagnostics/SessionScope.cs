using System.Collections;

namespace SpeechStream.Diagnostics;

/// <summary>The log scope of a session. One object serves the whole session, and always shows the id of the current task.</summary>
internal sealed class SessionScope(Func<string> taskId) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 1;

    public KeyValuePair<string, object?> this[int index] =>
        index == 0 ? new("TaskId", taskId()) : throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        yield return this[0];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"TaskId:{taskId()}";
}
