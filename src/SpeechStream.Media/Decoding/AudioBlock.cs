namespace SpeechStream.Media.Decoding;

/// <summary>Decoded audio, valid until the next block.</summary>
/// <param name="Samples">From -1 to 1, those of all channels of the same time side by side.</param>
/// <param name="Channels">How many.</param>
/// <param name="SampleRate">Samples per second and channel.</param>
internal readonly record struct AudioBlock(ReadOnlyMemory<float> Samples, int Channels, int SampleRate);
