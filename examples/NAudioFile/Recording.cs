using NAudio.Wave;
using NAudio.Wave.SampleProviders;

namespace NAudioFile;

internal static class Recording
{
    /// <summary>Reads a WAV file of any sample rate, mono or stereo, as the samples that the service takes: 16-bit, mono, 16 kHz.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Read(string path)
    {
        using var file = new WaveFileReader(path);
        var mono = file.ToSampleProvider().ToMono();
        var samples = new WdlResamplingSampleProvider(mono, 16000).ToWaveProvider16();
        var piece = new byte[3200];
        for (int read; (read = samples.Read(piece)) > 0;)
        {
            yield return piece.AsMemory(0, read);
        }
    }
}
