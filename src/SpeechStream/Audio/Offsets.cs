namespace SpeechStream.Audio;

/// <summary>A position in the caller's audio, in bytes from its beginning.</summary>
internal readonly record struct CallerOffset(long Bytes);

/// <summary>A position in the audio that was sent to one task, in bytes from the first that its connection sent. It counts silence filler, and doesn't count dropped audio.</summary>
internal readonly record struct TaskOffset(long Bytes);
