using SpeechStream.Audio.Replay;

namespace SpeechStream.Audio.Sending;

/// <summary>What a task leaves behind when it ends, whether it was lost or completed.</summary>
/// <param name="Acknowledged">Up to where the task's final results cover the caller's audio, except for <paramref name="GivenUp"/>.</param>
/// <param name="GivenUp">The audio of sentences that will never be final, because later ones became final first.</param>
/// <param name="IsSentenceOpen">Whether a sentence was begun that the next task can still finish.</param>
internal readonly record struct TaskRemainder(long Acknowledged, IReadOnlyList<Gap> GivenUp, bool IsSentenceOpen);
