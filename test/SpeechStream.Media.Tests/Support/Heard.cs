using System.Runtime.InteropServices;

namespace SpeechStream.Media.Tests.Support;

/// <summary>What came out of a recording.</summary>
internal sealed record Heard(AudioDescription Found, short[] Samples, IReadOnlyList<string> Warnings)
{
    public double Seconds(int sampleRate = 16000) => (double)Samples.Length / sampleRate;

    public static Task<Heard> OfAsync(byte[] recording, AudioSourceOptions? options = null) => OfAsync(new MemoryStream(recording), options);

    public static async Task<Heard> OfAsync(Stream recording, AudioSourceOptions? options = null)
    {
        await using var source = await AudioSource.OpenAsync(recording, options).Within();
        return await OfAsync(source);
    }

    public static async Task<Heard> OfAsync(string path, AudioSourceOptions? options = null)
    {
        await using var source = await AudioSource.OpenAsync(path, options).Within();
        return await OfAsync(source);
    }

    private static async Task<Heard> OfAsync(AudioSource source)
    {
        var bytes = new MemoryStream();
        await foreach (var piece in source.ReadAsync())
        {
            piece.IsEmpty.Should().BeFalse();
            bytes.Write(piece.Span);
        }

        return new(source.Found, MemoryMarshal.Cast<byte, short>(bytes.ToArray()).ToArray(), source.Warnings);
    }
}
