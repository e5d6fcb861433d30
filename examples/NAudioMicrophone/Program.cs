// Captions of the default microphone until Enter is pressed. Windows, with NAudio; not built with the rest of the repository.
// NAudio's files need no adapter at all: a WaveStream is a Stream, for client.TranscribeAsync.
using NAudio.Wave;
using SpeechStream;

await using var client = new SpeechStreamClient(new()
{
    AppKey = Environment.GetEnvironmentVariable("NLS_APP_KEY")!,
    Credential = SpeechCredential.FromAccessKey(
        Environment.GetEnvironmentVariable("ALIYUN_AK_ID")!, Environment.GetEnvironmentVariable("ALIYUN_AK_SECRET")!),
});
await using var session = await client.StartSessionAsync(new() { EnableIntermediateResult = true, EnablePunctuationPrediction = true });

using var microphone = new WaveInEvent { WaveFormat = new WaveFormat(16000, 16, 1), BufferMilliseconds = 100 };
microphone.DataAvailable += (_, captured) => session.TryWriteAudio(captured.Buffer.AsSpan(0, captured.BytesRecorded));
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
