// What stands in a PDF.
import { extractText } from "unpdf";

export interface Paper {
  pages: number;
  /** White space is one blank. */
  text: string;
}

export async function readPdf(bytes: Uint8Array): Promise<Paper> {
  const { totalPages, text } = await extractText(new Uint8Array(bytes), { mergePages: true });
  return { pages: totalPages, text: text.replace(/\s+/g, " ") };
}
