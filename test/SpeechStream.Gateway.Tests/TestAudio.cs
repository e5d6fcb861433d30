namespace SpeechStream.Gateway.Tests;

internal static class TestAudio
{
    /// <summary>Samples that are never zero and differ from place to place.</summary>
    public static byte[] Sound(int milliseconds, int seed = 1, int sampleRate = 16000)
    {
        var audio = new byte[milliseconds * (sampleRate / 1000) * 2];
        new Random(seed).NextBytes(audio);
        for (var i = 0; i < audio.Length; i += 2)
        {
            audio[i] |= 1;
        }

        return audio;
    }

    public static byte[] Silence(int milliseconds, int sampleRate = 16000) => new byte[milliseconds * (sampleRate / 1000) * 2];
}
