using NAudio.Wave;
using NAudio.Wave.SampleProviders;

internal static class Recording
{
    /// <summary>Reads a WAV file of any sample rate, mono or stereo, as the samples that the service takes: 16-bit, mono, 16 kHz.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Read(string path)
    {
        using var file = new WaveFileReader(path);
        var samples = file.WaveFormat switch
        {
            // As they are: a conversion, even to the same format, would change samples by a bit.
            { SampleRate: 16000, BitsPerSample: 16, Channels: 1, Encoding: WaveFormatEncoding.Pcm or WaveFormatEncoding.Extensible } => file,
            { Channels: > 2 and var channels } => throw new NotSupportedException($"The recording has {channels} channels. Make it mono or stereo first."),
            _ => new WdlResamplingSampleProvider(file.ToSampleProvider().ToMono(), 16000).ToWaveProvider16(),
        };
        var piece = new byte[3200];
        for (int read; (read = samples.Read(piece)) > 0;)
        {
            yield return piece.AsMemory(0, read);
        }
    }
}
