import { type Chapter, value } from '../row.ts'

const later = { notBuilt: 'images' }

export const media: Chapter = {
  title: 'Images: MediaService',
  about: '',
  rows: [
    value(['class MediaService', 'def MediaService.__init__'], 'the routes below `/v1/images`', later),
    {
      guide: ['def MediaService.process_image'],
      here: '`POST /v1/images`, or `POST /v1/images/uploads` for an upload straight to S3',
      jobs: ['images.process'],
      fields:
        'the file and `sizes` (name → box); answers 202 with image and job id, the job’s result is `{size_name: url}`',
      errors: '422 for what is no image, 413 for one too large',
      proof: later,
    },
    value(['S3_BUCKET'], '`S3_BUCKET`; addresses are those of the CDN, not of the bucket', later),
  ],
}
