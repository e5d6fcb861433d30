// Captions of the default microphone until Enter is pressed. Windows, with NAudio. The microphone is asked for the samples that the service
// takes, 16-bit mono at 16 kHz; files have others as a rule, which examples/NAudioFile converts.
// Needs an account: NLS_APP_KEY, and NLS_TOKEN or ALIYUN_AK_ID and ALIYUN_AK_SECRET.
using System.Runtime.Versioning;
using NAudio.Wave;
using SpeechStream;

[assembly: SupportedOSPlatform("windows")]

try
{
    await using var client = new SpeechStreamClient(new()
    {
        AppKey = Account.AppKey ?? "",
        Credential = Account.Credential,
    });
    await using var session = await client.StartSessionAsync(new() { EnableIntermediateResult = true, EnablePunctuationPrediction = true });

    using var microphone = new WaveIn { WaveFormat = new WaveFormat(16000, 16, 1), BufferMilliseconds = 100 };
    microphone.DataAvailable += (_, captured) => session.TryWriteAudio(captured.BufferSpan);
    microphone.RecordingStopped += (_, stopped) => session.Audio.Complete(stopped.Exception);
    microphone.StartRecording();
    _ = Task.Run(() =>
    {
        Console.ReadLine();
        microphone.StopRecording();
    });

    await foreach (var e in session.Events)
    {
        Console.Write(e switch
        {
            TranscriptionResultChanged interim => $"\r{interim.Text}",
            SentenceEnd final => $"\r{final.Text}\n",
            _ => "",
        });
    }

    return 0;
}
catch (Exception failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
