import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readFont } from './font.ts'
import type { Typeface, Weight } from './lettering.ts'

interface Family {
  family: string
  /** Addresses. */
  files: Readonly<Record<Weight, string>>
}

/** The first writes Latin, Greek, Cyrillic and Vietnamese; the others Latin beside their own. */
const FAMILIES: readonly Family[] = [
  {
    family: 'Inter',
    files: {
      400: import.meta.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
      600: import.meta.resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf'),
    },
  },
  {
    family: 'Noto Sans Hebrew',
    files: {
      400: import.meta.resolve('@expo-google-fonts/noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular.ttf'),
      600: import.meta.resolve('@expo-google-fonts/noto-sans-hebrew/600SemiBold/NotoSansHebrew_600SemiBold.ttf'),
    },
  },
  {
    family: 'Noto Sans Arabic',
    files: {
      400: import.meta.resolve('@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf'),
      600: import.meta.resolve('@expo-google-fonts/noto-sans-arabic/600SemiBold/NotoSansArabic_600SemiBold.ttf'),
    },
  },
]

/** Paths. */
export const FONT_FILES = FAMILIES.flatMap(({ files }) => [files[400], files[600]]).map((one) => fileURLToPath(one))

const fontAt = (address: string) => readFont(readFileSync(new URL(address)))

export const TYPEFACES: readonly Typeface[] = FAMILIES.map(({ family, files }) => ({
  family,
  fonts: { 400: fontAt(files[400]), 600: fontAt(files[600]) },
}))
