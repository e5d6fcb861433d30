namespace SpeechStream.Cli.Resume;

/// <summary>What a checkpoint says.</summary>
/// <param name="Input">The recording as it was.</param>
/// <param name="Options">The options that decide what is heard.</param>
/// <param name="Channels">What was transcribed so far.</param>
/// <param name="Written">The formats whose files have all of it.</param>
internal sealed record CheckpointContent(InputMark Input, OptionsMark Options, IReadOnlyList<ChannelMark> Channels, IReadOnlyList<string>? Written = null);

/// <summary>Whether a recording is still the same: cheap also for one of many hours.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="Modified">When it was written last.</param>
/// <param name="Head">SHA-256 of its first 64 KiB, in hex digits.</param>
internal sealed record InputMark(long Size, DateTime Modified, string Head);

/// <summary>The options that decide what is heard. Formats don't: they are made of the same results.</summary>
/// <param name="Channel">Value of <c>--channel</c>.</param>
/// <param name="SampleRate">Samples per second.</param>
/// <param name="IsRaw">Whether audio without a header is raw samples.</param>
/// <param name="Service">Which service transcribes.</param>
/// <param name="Model">Its model; null for its default.</param>
internal sealed record OptionsMark(string Channel, int SampleRate, bool IsRaw, string Service, string? Model = null);

/// <summary>A session of the recording.</summary>
/// <param name="IsComplete">Whether the service confirmed its end.</param>
/// <param name="Finals">Its final results so far.</param>
internal sealed record ChannelMark(bool IsComplete, IReadOnlyList<SentenceEnd> Finals);
