namespace SpeechStream.Audio;

/// <summary>A place in the caller's audio, in bytes from its beginning.</summary>
internal readonly record struct CallerOffset(long Bytes);

/// <summary>A place in what a task was sent, in bytes from the first that its connection sent: silence filler is in it, dropped audio isn't.</summary>
internal readonly record struct TaskOffset(long Bytes);
